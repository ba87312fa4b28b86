//! The accounts and rooms of a run, made through the API.
//!
//! A password's hash takes some 25 ms on purpose: 200 accounts are what a run has time for. Where a scenario needs more
//! sockets than that, each account has several.

use std::sync::Arc;

use anyhow::{Context, Result};
use charla_client::Client;
use charla_protocol::{
    RoomId, UserId,
    auth::Register,
    rooms::{CreateRoom, History, RoomType, Visibility},
};
use tokio::task::JoinSet;

use crate::server::Site;

/// Everybody's password.
const PASSWORD: &str = "correct horse battery";
/// Groups with everybody in them; with the direct room each account is in five rooms.
const GROUPS: usize = 4;
/// How many accounts are being made at a time.
const SIDE_BY_SIDE: usize = 4;

/// One account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) client: Client,
    /// Good for a quarter of an hour: a scenario is shorter.
    pub(crate) access: String,
}

/// Everybody.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) accounts: Arc<[Account]>,
    /// The direct rooms; that of `pairs[n]` belongs to the accounts 2n and 2n + 1.
    pub(crate) pairs: Arc<[RoomId]>,
    /// A group with everybody in it. There are three more in which nothing happens.
    pub(crate) hall: RoomId,
}

impl People {
    /// Makes `pairs` times two accounts, their direct rooms, and the groups.
    pub(crate) async fn invite(site: &Site, pairs: usize) -> Result<Self> {
        let accounts = register_all(&site.url(), 2 * pairs).await?;
        let mut rooms = Vec::with_capacity(pairs);
        for pair in accounts.chunks_exact(2) {
            rooms.push(pair[0].client.direct_chat(pair[1].id).await?.value.id);
        }
        let mut groups = Vec::with_capacity(GROUPS);
        for number in 1..=GROUPS {
            groups.push(make_group(&accounts, number).await?);
        }
        Ok(Self {
            accounts: accounts.into(),
            pairs: rooms.into(),
            hall: *groups.first().context("there are groups")?,
        })
    }

    /// Gives everybody a fresh token, where the server runs.
    pub(crate) async fn renew(&mut self) -> Result<()> {
        let mut accounts = self.accounts.to_vec();
        for account in &mut accounts {
            account.client.refresh().await?;
            account.access = account.client.tokens().context("signed in")?.access;
        }
        self.accounts = accounts.into();
        Ok(())
    }

    /// The account of the socket with this number.
    pub(crate) fn owner_of(&self, socket: usize) -> &Account {
        &self.accounts[socket % self.accounts.len()]
    }

    /// The sum of the revisions of all direct rooms: how many messages were stored in them.
    pub(crate) async fn stored(&self) -> Result<u64> {
        let mut sum = 0;
        for (number, room) in self.pairs.iter().enumerate() {
            let revision = self.accounts[2 * number].client.room(*room).await?.revision;
            sum += u64::try_from(revision)?;
        }
        Ok(sum)
    }
}

async fn register_all(url: &str, count: usize) -> Result<Vec<Account>> {
    let mut accounts: Vec<Option<Account>> = vec![None; count];
    let mut jobs = JoinSet::new();
    let mut next = 0;
    while next < count || !jobs.is_empty() {
        while next < count && jobs.len() < SIDE_BY_SIDE {
            let (client, number) = (Client::new(url)?, next);
            jobs.spawn(async move { (number, register(client, number).await) });
            next += 1;
        }
        if let Some(done) = jobs.join_next().await {
            let (number, account) = done?;
            accounts[number] = Some(account?);
        }
    }
    accounts.into_iter().collect::<Option<_>>().context("every account is made")
}

async fn register(client: Client, number: usize) -> Result<Account> {
    let username = format!("person{number}");
    let body = Register {
        email: format!("{username}@example.org"),
        username,
        password: PASSWORD.to_owned(),
        phone_number: None,
        display_name: None,
        invite: None,
    };
    let signed_in = client.register(&body).await?;
    Ok(Account { id: signed_in.user.user.id, client, access: signed_in.access })
}

async fn make_group(accounts: &[Account], number: usize) -> Result<RoomId> {
    let (owner, others) = accounts.split_first().context("there are accounts")?;
    let room = CreateRoom {
        name: format!("Hall {number}"),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants: others.iter().map(|account| account.id).collect(),
    };
    Ok(owner.client.create_room(&room).await?.id)
}
