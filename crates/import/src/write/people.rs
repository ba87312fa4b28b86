//! People become accounts.

use charla_db::{fold, queries, tables::users};
use charla_protocol::{UserId, users::DirectMessages};
use charla_server::{
    auth::foreign,
    ops::{
        accounts::{direct_messages_text, fields},
        retry,
    },
};
use uuid::Uuid;

use super::Writer;
use crate::model::Person;

/// People of a transaction.
const BATCH: usize = 500;
/// What stands for those whom the source has forgotten.
const GONE: &str = "former-user";

/// An account that somebody has here.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) id: UserId,
    pub(super) username: String,
    pub(super) is_active: bool,
}

impl From<&users::Model> for Account {
    fn from(row: &users::Model) -> Self {
        Self { id: row.user_id(), username: row.username.clone(), is_active: row.is_active }
    }
}

impl Writer<'_> {
    pub(super) async fn bring_people(&mut self, people: Vec<Person>) -> anyhow::Result<()> {
        for batch in people.chunks(BATCH) {
            let ids: Vec<Uuid> = batch.iter().map(|person| self.person_id(person)).collect();
            let users: Vec<UserId> = ids.iter().copied().map(UserId).collect();
            let there = queries::users::find_all(self.app.db.read(), &users).await?;
            let mut new = Vec::new();
            for (person, id) in batch.iter().zip(ids) {
                let account = match there.iter().find(|row| row.id == id) {
                    Some(row) => {
                        self.report.known("person", 1);
                        Account::from(row)
                    }
                    None => {
                        let row = self.account(person, id).await?;
                        let account = Account::from(&row);
                        new.push(row);
                        account
                    }
                };
                self.people.insert(person.key.clone(), account);
            }
            self.report.brought("person", new.len());
            self.store_people(new).await?;
        }
        Ok(())
    }

    fn person_id(&self, person: &Person) -> Uuid {
        self.ids.of("person", &person.key, person.joined_at)
    }

    async fn store_people(&self, rows: Vec<users::Model>) -> anyhow::Result<()> {
        if self.options.dry_run || rows.is_empty() {
            return Ok(());
        }
        let db = &self.app.db;
        let store = || async {
            let tx = db.begin().await?;
            queries::imports::insert_users(&tx, rows.clone()).await?;
            Ok(tx.commit().await?)
        };
        Ok(retry::on_busy(store).await?)
    }

    /// The row of a new account: what the source has, as far as it is allowed and free here.
    async fn account(&mut self, person: &Person, id: Uuid) -> anyhow::Result<users::Model> {
        let db = self.app.db.read();
        let key = &person.key;
        let username = self.given.username(db, &person.username).await?;
        if username != person.username {
            self.report.change(format!("person {key}: username {:?} is {username:?} here", person.username));
        }
        let email = match &person.email {
            None => None,
            Some(email) => match self.given.email(db, email, &username).await? {
                Ok(email) => Some(email),
                Err(reason) => {
                    self.report.change(format!("person {key}: the e-mail address {reason}, and is left out"));
                    None
                }
            },
        };
        let display_name = display_name(person, &username);
        let is_administrator = person.is_administrator && self.options.administrators;
        if person.is_administrator && !is_administrator {
            self.report.change(format!("person {key}: is no administrator here (--administrators)"));
        }
        let now = self.app.clock.now().millis();
        Ok(users::Model {
            id,
            username_key: fold::name_key(&username),
            email_key: email.as_deref().map(fold::email_key),
            email_verified_at: None,
            password_hash: self.password(person, email.is_some()),
            display_name_key: fields::display_name_key(&display_name),
            display_name,
            bio: fields::bio(&person.bio).unwrap_or_default(),
            phone_number: person
                .phone_number
                .as_deref()
                .and_then(|number| fields::phone_number(number).ok()?),
            avatar_id: None,
            language: None,
            direct_messages: direct_messages_text(self.direct_messages()).to_owned(),
            show_last_seen: true,
            send_read_receipts: true,
            is_active: person.is_active,
            is_staff: is_administrator,
            is_superuser: is_administrator,
            date_joined: person.joined_at.unwrap_or(now).clamp(0, now),
            last_seen: person.last_seen.map(|at| at.clamp(0, now)),
            deleted_at: None,
            two_factor_at: None,
            muted_until: None,
            banned_until: None,
            owner_id: None,
            username,
            email,
        })
    }

    fn direct_messages(&self) -> DirectMessages {
        self.app.config.direct_messages
    }

    /// The hash to keep; empty where there is none, which is nobody's password.
    fn password(&mut self, person: &Person, has_email: bool) -> String {
        if let Some(hash) = person.password_hash.as_deref().filter(|hash| foreign::accepts(hash)) {
            return hash.to_owned();
        }
        if person.is_active {
            let remedy = match has_email {
                true => "chooses a new one by mail",
                false => "gets a new one by `charla changepassword`",
            };
            self.report.change(format!("person {}: brings no usable password, and {remedy}", person.key));
        }
        String::new()
    }

    /// Who has written what the source has forgotten the writer of: an account that nobody can use.
    pub(super) async fn gone(&mut self) -> anyhow::Result<UserId> {
        if let Some(account) = self.people.get("") {
            return Ok(account.id);
        }
        let person = Person { username: GONE.to_owned(), ..Person::default() };
        self.bring_people(vec![person]).await?;
        self.people.get("").map(|account| account.id).ok_or_else(|| anyhow::anyhow!("no account is made"))
    }
}

fn display_name(person: &Person, username: &str) -> String {
    let short: String = person.display_name.chars().take(100).collect();
    fields::display_name(&short).unwrap_or_else(|_| username.to_owned())
}
