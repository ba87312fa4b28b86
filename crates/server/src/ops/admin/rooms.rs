//! What staff change of groups that others own. Direct rooms are nobody's business but of the two.

use charla_db::{Error as DbError, Transaction, queries, tables::rooms};
use charla_permissions::Denied;
use charla_protocol::{
    RoomId,
    admin::rooms::UpdateAdminRoom,
    audit::{AuditAction, AuditTarget},
    rooms::{RoomType, UpdateRoom},
};
use serde_json::{Value, json};

use crate::{
    App,
    auth::Caller,
    error::Result,
    ops::{
        rooms::{Changes, change, close_in},
        staff::{act, check_staff, check_staff_in},
    },
};

/// Changes what the body names of a group. A new name is reported in it.
///
/// # Errors
/// `forbidden`, `not_found`, `room_closed`, `validation_failed`.
pub async fn update(app: &App, caller: &Caller, room: RoomId, body: &UpdateAdminRoom) -> Result<()> {
    check_staff(&caller.user)?;
    let UpdateAdminRoom { name, topic, visibility } = body.clone();
    let changes = Changes::check(&UpdateRoom { name, topic, visibility, ..UpdateRoom::default() })?;
    let (caller, clock) = (caller.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (caller, clock, changes) = (caller.clone(), clock.clone(), changes.clone());
            Box::pin(async move {
                let mut row = lock(tx, &caller, room).await?;
                let before = row.clone();
                let notices = change(tx, &*clock, &mut row, &caller.user, &changes).await?;
                if let Some(details) = details(&before, &row) {
                    let target = (AuditTarget::Room, room.0);
                    let changed = act(&caller, clock.now(), AuditAction::RoomChanged, target, details);
                    queries::audit::append(tx, &[changed]).await?;
                }
                Ok(((), notices))
            })
        })
        .await?;
    Ok(())
}

/// Closes a group: from now on it can be read, but not changed.
///
/// # Errors
/// `forbidden`, `not_found`, `room_closed`.
pub async fn close(app: &App, caller: &Caller, room: RoomId) -> Result<()> {
    check_staff(&caller.user)?;
    let (caller, clock) = (caller.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (caller, clock) = (caller.clone(), clock.clone());
            Box::pin(async move {
                let mut row = lock(tx, &caller, room).await?;
                let notices = close_in(tx, &mut row).await?;
                let target = (AuditTarget::Room, room.0);
                let closed = act(&caller, clock.now(), AuditAction::RoomClosed, target, json!({}));
                queries::audit::append(tx, &[closed]).await?;
                Ok(((), notices))
            })
        })
        .await?;
    Ok(())
}

/// The row of an open group, locked, if the caller is still staff.
async fn lock(tx: &Transaction, caller: &Caller, room: RoomId) -> charla_db::Result<rooms::Model> {
    let row = queries::access::lock(tx, room, caller.id()).await?.room;
    check_staff_in(tx, caller.id()).await?;
    match row.room_type() {
        RoomType::Direct => Err(DbError::NotFound),
        RoomType::Group if !row.is_active => Err(Denied::RoomClosed.into()),
        RoomType::Group => Ok(row),
    }
}

/// What the audit log says of a change: what it was of, but no names. Nothing where nothing has changed.
fn details(before: &rooms::Model, after: &rooms::Model) -> Option<Value> {
    let changed = [
        ("name", before.name != after.name),
        ("topic", before.topic != after.topic),
        ("visibility", before.visibility != after.visibility),
    ];
    let changed: Vec<&str> = changed.into_iter().filter_map(|(name, is)| is.then_some(name)).collect();
    let mut details = json!({"changed": changed});
    if before.visibility != after.visibility {
        details["visibility"] = json!(after.visibility);
    }
    (!changed.is_empty()).then_some(details)
}
