//! Accounts, as staff list them. Deleted ones are nobody's, and in no list.

use charla_protocol::{
    Timestamp, UserId,
    admin::users::{UserCounts, UserRole, UserSort, UserStatus},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::{Place, Position, order};
use crate::{
    Result, fold,
    queries::{
        contains,
        paging::{Ask, Page, key},
    },
    tables::{
        files, messages, room_members, sessions,
        users::{Column, Entity, Model},
    },
};

/// Which accounts are asked for. What is not given does not count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In the username, the display name or the e-mail address; or an id. Empty for everybody.
    pub search: String,
    pub status: Option<UserStatus>,
    pub role: Option<UserRole>,
}

/// The accounts that fit. By name and by when they joined there is an index; by when they were last seen, and for what is in a
/// name, all accounts are read.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    sort: UserSort,
    ask: Ask<Position>,
    now: Timestamp,
) -> Result<Page<Model>> {
    let (sorted, is_descending) = match sort {
        UserSort::Username => (Expr::col(Column::UsernameKey), false),
        UserSort::UsernameDescending => (Expr::col(Column::UsernameKey), true),
        UserSort::DateJoined => (Expr::col(Column::DateJoined), false),
        UserSort::DateJoinedDescending => (Expr::col(Column::DateJoined), true),
        UserSort::LastSeen => (Expr::col(Column::LastSeen).if_null(0), false),
        UserSort::LastSeenDescending => (Expr::col(Column::LastSeen).if_null(0), true),
    };
    let keys = [(sorted, order(is_descending)), key(Column::Id, order(is_descending))];
    let ask = ask.by(|(place, id)| [place.into(), id.into()]);
    let query = filter.apply(Entity::find().filter(Column::DeletedAt.is_null()), now);
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}

/// Where an account stands in such a list.
pub fn position(sort: UserSort, row: &Model) -> Position {
    let place = match sort {
        UserSort::Username | UserSort::UsernameDescending => Place::Text(row.username_key.clone()),
        UserSort::DateJoined | UserSort::DateJoinedDescending => Place::Number(row.date_joined),
        UserSort::LastSeen | UserSort::LastSeenDescending => Place::Number(row.last_seen.unwrap_or(0)),
    };
    (place, row.id)
}

impl Filter {
    fn apply(&self, query: Select<Entity>, now: Timestamp) -> Select<Entity> {
        let status = self.status.map(|status| match status {
            UserStatus::Active => Column::IsActive.eq(true),
            UserStatus::Inactive => Column::IsActive.eq(false),
            UserStatus::Muted => Column::MutedUntil.gt(now.millis()),
            UserStatus::Banned => Column::BannedUntil.gt(now.millis()),
        });
        let role = self.role.map(|role| match role {
            UserRole::Person => {
                Condition::all().add(Column::IsStaff.eq(false)).add(Column::IsSuperuser.eq(false))
            }
            UserRole::Staff => {
                Condition::all().add(Column::IsStaff.eq(true)).add(Column::IsSuperuser.eq(false))
            }
            UserRole::Superuser => Condition::all().add(Column::IsSuperuser.eq(true)),
        });
        query.filter(Condition::all().add_option(self.found()).add_option(status).add_option(role))
    }

    fn found(&self) -> Option<Condition> {
        let text = &self.search;
        if text.is_empty() {
            return None;
        }
        let any = Condition::any();
        Some(match Uuid::parse_str(text) {
            Ok(id) => any.add(Column::Id.eq(id)),
            Err(_) => any
                .add(Column::UsernameKey.like(contains(&fold::name_key(text))))
                .add(Column::DisplayNameKey.like(contains(&fold::search_key(text))))
                .add(Column::EmailKey.like(contains(&fold::email_key(text)))),
        })
    }
}

/// What an account has.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, user: UserId, now: Timestamp) -> Result<UserCounts> {
    let rooms = room_members::Entity::find().filter(room_members::Column::UserId.eq(user.0));
    let messages = messages::Entity::find().filter(messages::Column::SenderId.eq(user.0));
    let sessions = sessions::Entity::find()
        .filter(sessions::Column::UserId.eq(user.0))
        .filter(sessions::Column::EndedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now.millis()));
    let sizes: Vec<i64> = files::Entity::find()
        .select_only()
        .column(files::Column::Size)
        .filter(files::Column::UploaderId.eq(user.0))
        .filter(files::Column::MessageId.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(UserCounts {
        rooms: rooms.count(db).await?,
        messages: messages.count(db).await?,
        uploads: sizes.len() as u64,
        upload_bytes: sizes.iter().map(|size| size.unsigned_abs()).sum(),
        sessions: sessions.count(db).await?,
    })
}
