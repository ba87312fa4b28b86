//! People as others and as they themselves see them.

use charla_db::{
    queries::relations::{self, Relation},
    tables::users,
};
use charla_protocol::{
    Timestamp, UserId,
    users::{Friendship, Me, User},
};

use crate::App;

/// One's own account.
pub fn me(app: &App, user: &users::Model) -> Me {
    Me {
        user: shown(app, user, Friendship::Oneself, true),
        email: user.email.clone(),
        email_verified: user.email_verified_at.is_some(),
        two_factor: user.two_factor_at.is_some(),
        phone_number: user.phone_number.clone(),
        language: user.language(),
        is_staff: user.is_staff,
        is_superuser: user.is_superuser,
        date_joined: Timestamp::from_millis(user.date_joined),
        settings: user.settings(),
        max_upload_size: app.settings.now().max_upload_size.value,
        may_publish_rooms: app.settings.let_publish(user),
    }
}

/// One person as `viewer` sees them.
///
/// # Errors
/// Those of the database.
pub async fn seen_by(app: &App, viewer: &users::Model, user: &users::Model) -> charla_db::Result<User> {
    let relation = relations::between(app.db.read(), viewer.user_id(), user.user_id()).await?;
    Ok(as_seen(app, viewer, user, relation))
}

/// Many as `viewer` sees them, in the same order, with one query for what the viewer has with them.
///
/// # Errors
/// Those of the database.
pub async fn all_seen_by(
    app: &App,
    viewer: &users::Model,
    users: &[users::Model],
) -> charla_db::Result<Vec<User>> {
    let ids: Vec<UserId> = users.iter().map(users::Model::user_id).collect();
    let relations = relations::of(app.db.read(), viewer.user_id(), &ids).await?;
    let relation = |user: &users::Model| relations.get(&user.user_id()).copied().unwrap_or_default();
    Ok(users.iter().map(|user| as_seen(app, viewer, user, relation(user))).collect())
}

/// Whether somebody is there is shown to oneself, to friends, and to those one shares a direct room with, if both sides show
/// it and no block parts them.
fn as_seen(app: &App, viewer: &users::Model, user: &users::Model, relation: Relation) -> User {
    if user.id == viewer.id {
        return shown(app, user, Friendship::Oneself, true);
    }
    let both_show_it = viewer.show_last_seen && user.show_last_seen;
    shown(app, user, relation.friendship(), relation.is_near() && both_show_it)
}

fn shown(app: &App, user: &users::Model, friendship: Friendship, with_presence: bool) -> User {
    User {
        id: user.user_id(),
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        avatar_url: user.avatar_url(),
        is_bot: user.is_bot(),
        bio: user.bio.clone(),
        is_online: with_presence && app.presence.is_online(user.user_id()),
        last_seen: user.last_seen().filter(|_| with_presence),
        friendship,
    }
}
