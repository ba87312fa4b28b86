//! Who may do what staff do, and how it is written down.

use charla_db::{
    Connection,
    queries::{self, audit::Act},
    tables::users,
};
use charla_permissions::Denied;
use charla_protocol::{
    ErrorCode, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    auth::Caller,
    error::{Error, Result},
};

/// # Errors
/// `forbidden` for who is not staff.
pub fn check_staff(user: &users::Model) -> Result<()> {
    if user.is_staff { Ok(()) } else { Err(Error::new(ErrorCode::Forbidden)) }
}

/// The same as it stands in the transaction, until whose end it stays so.
pub(super) async fn check_staff_in(tx: &impl Connection, user: UserId) -> charla_db::Result<()> {
    let user = queries::users::lock(tx, user).await?;
    if user.is_some_and(|user| is_staff(&user)) { Ok(()) } else { Err(Denied::Forbidden.into()) }
}

/// The rows of the caller and of somebody else, locked, if the caller may do anything to them: superusers alone may to staff.
pub(super) async fn lock_both(
    tx: &impl Connection,
    caller: &Caller,
    person: UserId,
) -> charla_db::Result<(users::Model, users::Model)> {
    if person == caller.id() {
        return Err(Denied::Forbidden.into());
    }
    let (actor, person) = queries::users::lock_both(tx, caller.id(), person).await?;
    if may_change(&actor, &person) { Ok((actor, person)) } else { Err(Denied::Forbidden.into()) }
}

/// Whether the first of them may do anything to the other, by what was read of both.
///
/// # Errors
/// `forbidden` where not.
pub(super) fn check_other(actor: &users::Model, person: &users::Model) -> Result<()> {
    let may = actor.id != person.id && may_change(actor, person);
    if may { Ok(()) } else { Err(Error::new(ErrorCode::Forbidden)) }
}

fn may_change(actor: &users::Model, person: &users::Model) -> bool {
    is_staff(actor) && (actor.is_superuser || !(person.is_staff || person.is_superuser))
}

/// The second of them.
pub(super) async fn lock_other(
    tx: &impl Connection,
    caller: &Caller,
    person: UserId,
) -> charla_db::Result<users::Model> {
    Ok(lock_both(tx, caller, person).await?.1)
}

fn is_staff(user: &users::Model) -> bool {
    user.is_staff && user.is_active
}

/// What the audit log says of something the caller does.
pub(super) fn act(
    caller: &Caller,
    at: Timestamp,
    action: AuditAction,
    target: (AuditTarget, Uuid),
    details: Value,
) -> Act {
    Act { at, actor: Some(caller.id()), via: caller.via, action, target, details }
}
