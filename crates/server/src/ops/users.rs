//! People as others and as they themselves see them.

use std::collections::HashSet;

use charla_db::{queries, tables::users};
use charla_protocol::{
    Timestamp, UserId,
    users::{Friendship, Me, User},
};

use crate::{App, error::Result};

/// One's own account.
pub fn me(app: &App, user: &users::Model) -> Me {
    Me {
        user: shown(app, user, Friendship::Oneself, true),
        email: user.email.clone(),
        phone_number: user.phone_number.clone(),
        language: user.language(),
        is_staff: user.is_staff,
        is_superuser: user.is_superuser,
        date_joined: Timestamp::from_millis(user.date_joined),
        settings: user.settings(),
    }
}

/// One person as `viewer` sees them.
///
/// # Errors
/// Those of the database.
pub async fn seen_by(app: &App, viewer: &users::Model, user: &users::Model) -> Result<User> {
    let is_near = user.id != viewer.id
        && queries::presence::share_direct_room(app.db.read(), viewer.user_id(), user.user_id()).await?;
    Ok(as_seen(app, viewer, user, is_near))
}

/// Many as `viewer` sees them, in the same order.
///
/// # Errors
/// Those of the database.
pub async fn all_seen_by(app: &App, viewer: &users::Model, users: &[users::Model]) -> Result<Vec<User>> {
    let partners = queries::presence::direct_partners(app.db.read(), viewer.user_id()).await?;
    let near: HashSet<UserId> = partners.iter().map(|(_, partner)| partner.user_id()).collect();
    Ok(users.iter().map(|user| as_seen(app, viewer, user, near.contains(&user.user_id()))).collect())
}

/// Whether somebody is there is shown to oneself, and to those one shares a direct room with (`is_near`)
/// if both sides show it.
fn as_seen(app: &App, viewer: &users::Model, user: &users::Model, is_near: bool) -> User {
    if user.id == viewer.id {
        return shown(app, user, Friendship::Oneself, true);
    }
    let both_show_it = viewer.show_last_seen && user.show_last_seen;
    shown(app, user, Friendship::None, is_near && both_show_it)
}

fn shown(app: &App, user: &users::Model, friendship: Friendship, with_presence: bool) -> User {
    User {
        id: user.user_id(),
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        avatar_url: user.avatar_url(),
        bio: user.bio.clone(),
        is_online: with_presence && app.presence.is_online(user.user_id()),
        last_seen: user.last_seen().filter(|_| with_presence),
        friendship,
    }
}
