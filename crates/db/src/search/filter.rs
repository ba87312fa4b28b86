//! What is asked of a message besides its text: as a caller means it, with the people and rooms found.

use std::collections::BTreeSet;

use charla_protocol::UserId;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect,
    RelationTrait,
    sea_query::{Alias, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::{query, words::Has};
use crate::{
    Result, fold,
    lists::padded,
    tables::{room_members, rooms, users},
};

/// People of one display name that are meant by it at most.
const NAMESAKES: u64 = 200;

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
    pub async fn add(
        &mut self,
        db: &impl ConnectionTrait,
        caller: UserId,
        query: &query::Query,
    ) -> Result<()> {
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

/// Those of the usernames, and those of the display names with whom the caller shares a room; `me` is the caller.
async fn people(db: &impl ConnectionTrait, caller: UserId, names: &[String]) -> Result<BTreeSet<Uuid>> {
    let is_me = |name: &String| name.eq_ignore_ascii_case("me");
    let others = || names.iter().filter(|name| !is_me(name)).map(|name| name.trim_start_matches('@'));
    let mut ids: BTreeSet<Uuid> = names.iter().any(is_me).then_some(caller.0).into_iter().collect();
    if others().next().is_some() {
        let people = || users::Entity::find().select_only().column(users::Column::Id);
        // Of these there is one a name, who may have left the room since.
        let named = users::Column::UsernameKey.is_in(padded(others().map(fold::name_key)));
        ids.extend(people().filter(named).into_tuple::<Uuid>().all(db).await?);
        // Of these there may be any number.
        let shown_as = users::Column::DisplayNameKey.is_in(padded(others().map(fold::search_key)));
        let known = people().filter(shown_as).filter(Expr::exists(shared_rooms(caller))).limit(NAMESAKES);
        ids.extend(known.into_tuple::<Uuid>().all(db).await?);
    }
    Ok(ids)
}

/// What there is where the person of a row of `users` is in a room with the caller.
fn shared_rooms(caller: UserId) -> SelectStatement {
    let (own, theirs) = (Alias::new("own"), Alias::new("theirs"));
    let of = |table: &Alias, column| Expr::col((table.clone(), column));
    Query::select()
        .expr(Expr::val(1))
        .from_as(room_members::Entity, theirs.clone())
        .join_as(
            JoinType::InnerJoin,
            room_members::Entity,
            own.clone(),
            of(&own, room_members::Column::RoomId).equals((theirs.clone(), room_members::Column::RoomId)),
        )
        .and_where(of(&theirs, room_members::Column::UserId).equals((users::Entity, users::Column::Id)))
        .and_where(of(&own, room_members::Column::UserId).eq(caller.0))
        .to_owned()
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
                .add(rooms::Column::Slug.is_in(padded(names())))
                .add(rooms::Column::NameKey.is_in(padded(names().map(fold::search_key)))),
        )
        .into_tuple::<(Uuid,)>()
        .all(db)
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
