//! Groups, as staff list them.

use std::collections::HashMap;

use charla_protocol::{
    admin::rooms::RoomSort,
    rooms::{RoomType, Visibility},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{Place, Position, order};
use crate::{
    Result, fold,
    lists::padded,
    queries::{
        contains,
        paging::{Ask, Page, key},
    },
    tables::{
        messages,
        rooms::{Column, Entity, Model},
    },
};

/// Which groups are asked for. What is not given does not count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In the name; or an id. Empty for all.
    pub search: String,
    pub visibility: Option<Visibility>,
    pub is_active: Option<bool>,
}

/// The groups that fit. By the time of the last message, and for what is in a name, all groups are read: an index on what changes
/// with every message would cost each of them.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    sort: RoomSort,
    ask: Ask<Position>,
) -> Result<Page<Model>> {
    let (sorted, is_descending) = match sort {
        RoomSort::Name => (Column::NameKey, false),
        RoomSort::NameDescending => (Column::NameKey, true),
        RoomSort::CreatedAt => (Column::CreatedAt, false),
        RoomSort::CreatedAtDescending => (Column::CreatedAt, true),
        RoomSort::Members => (Column::MemberCount, false),
        RoomSort::MembersDescending => (Column::MemberCount, true),
        RoomSort::LastMessage => (Column::LastActivityAt, false),
        RoomSort::LastMessageDescending => (Column::LastActivityAt, true),
    };
    let keys = [key(sorted, order(is_descending)), key(Column::Id, order(is_descending))];
    let ask = ask.by(|(place, id)| [place.into(), id.into()]);
    Ok(ask.page(ask.apply(Entity::find().filter(filter.condition()), &keys).all(db).await?))
}

/// Where a group stands in such a list.
pub fn position(sort: RoomSort, row: &Model) -> Position {
    let place = match sort {
        RoomSort::Name | RoomSort::NameDescending => Place::Text(row.name_key.clone()),
        RoomSort::CreatedAt | RoomSort::CreatedAtDescending => Place::Number(row.created_at),
        RoomSort::Members | RoomSort::MembersDescending => Place::Number(row.member_count),
        RoomSort::LastMessage | RoomSort::LastMessageDescending => Place::Number(row.last_activity_at),
    };
    (place, row.id)
}

impl Filter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::RoomType.eq(RoomType::Group.as_str()))
            .add_option(self.found())
            .add_option(self.visibility.map(|visibility| Column::Visibility.eq(visibility.as_str())))
            .add_option(self.is_active.map(|is_active| Column::IsActive.eq(is_active)))
    }

    fn found(&self) -> Option<Expr> {
        match Uuid::parse_str(&self.search) {
            _ if self.search.is_empty() => None,
            Ok(id) => Some(Column::Id.eq(id)),
            Err(_) => Some(Column::NameKey.like(contains(&fold::search_key(&self.search)))),
        }
    }
}

/// How many messages each of these rooms has, deleted ones too.
///
/// # Errors
/// Those of the database.
pub async fn message_counts(
    db: &impl ConnectionTrait,
    rooms: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, u64>> {
    let rows: Vec<(Uuid, i64)> = messages::Entity::find()
        .select_only()
        .column(messages::Column::RoomId)
        .column_as(messages::Column::Id.count(), "messages")
        .filter(messages::Column::RoomId.is_in(padded(rooms)))
        .group_by(messages::Column::RoomId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(room, count)| (room, count.unsigned_abs())).collect())
}
