//! What is asked of a message besides its text: as a caller means it, with the people and rooms found.

use std::collections::BTreeSet;

use charla_protocol::UserId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use uuid::Uuid;

use super::{query::Query, words::Has};
use crate::{
    Result, fold,
    tables::{room_members, rooms, users},
};

/// What a message has to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one of these rooms.
    pub rooms: Option<BTreeSet<Uuid>>,
    /// From one of these people.
    pub senders: Option<BTreeSet<Uuid>>,
    /// Said earlier than that.
    pub before: Option<i64>,
    /// Said later than that.
    pub after: Option<i64>,
    /// With all of these.
    pub has: BTreeSet<Has>,
}

impl Filter {
    /// Adds what the operators of a query ask for, as the caller means it. Unknown people and rooms: nothing passes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add(&mut self, db: &impl ConnectionTrait, caller: UserId, query: &Query) -> Result<()> {
        let operators = &query.operators;
        if !operators.from.is_empty() {
            narrow(&mut self.senders, people(db, caller, &operators.from).await?);
        }
        if !operators.within.is_empty() {
            narrow(&mut self.rooms, own_rooms(db, caller, &operators.within).await?);
        }
        self.has.extend(&operators.has);
        self.before = [self.before, operators.before].into_iter().flatten().min();
        self.after = [self.after, operators.after].into_iter().flatten().max();
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn holds_time(&self, time: i64) -> bool {
        self.before.is_none_or(|before| time < before) && self.after.is_none_or(|after| time > after)
    }
}

fn narrow(set: &mut Option<BTreeSet<Uuid>>, to: BTreeSet<Uuid>) {
    *set = Some(match set.take() {
        Some(set) => set.intersection(&to).copied().collect(),
        None => to,
    });
}

/// Those of the usernames or display names; `me` is the caller.
async fn people(db: &impl ConnectionTrait, caller: UserId, names: &[String]) -> Result<BTreeSet<Uuid>> {
    let is_me = |name: &String| name.eq_ignore_ascii_case("me");
    let others = || names.iter().filter(|name| !is_me(name)).map(|name| name.trim_start_matches('@'));
    let mut ids: BTreeSet<Uuid> = names.iter().any(is_me).then_some(caller.0).into_iter().collect();
    if others().next().is_some() {
        let found = users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(
                Condition::any()
                    .add(users::Column::UsernameKey.is_in(others().map(fold::name_key)))
                    .add(users::Column::DisplayNameKey.is_in(others().map(fold::search_key))),
            )
            .into_tuple::<Uuid>()
            .all(db)
            .await?;
        ids.extend(found);
    }
    Ok(ids)
}

/// Those of the caller's rooms that have one of the slugs or names.
async fn own_rooms(db: &impl ConnectionTrait, caller: UserId, names: &[String]) -> Result<BTreeSet<Uuid>> {
    let names = || names.iter().map(|name| name.trim_start_matches('#'));
    let found = room_members::Entity::find()
        .select_only()
        .column(room_members::Column::RoomId)
        .join(JoinType::InnerJoin, room_members::Relation::Room.def())
        .filter(room_members::Column::UserId.eq(caller.0))
        .filter(
            Condition::any()
                .add(rooms::Column::Slug.is_in(names()))
                .add(rooms::Column::NameKey.is_in(names().map(fold::search_key))),
        )
        .into_tuple::<(Uuid,)>()
        .all(db)
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
