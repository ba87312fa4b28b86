//! Who is in a room, and as what.

use charla_db::{
    Error as DbError, Notice, Transaction,
    clock::Clock,
    queries::{
        self,
        audit::{Act, Via},
        relations::Relation,
    },
    tables::{room_members, rooms, users},
};
use charla_permissions::{Approach, Permission, check_approach};
use charla_protocol::{
    ErrorCode, RoomId, UserId,
    audit::{AuditAction, AuditTarget},
    members::{Member, Role},
    rooms::Visibility,
    users::DirectMessages,
};
use serde_json::{Value, json};

use super::{
    bots,
    rooms::MAX_PARTICIPANTS,
    system_message::{self, Report},
};
use crate::{
    App,
    error::{Error, FieldError, Result},
};

/// Joins a public room. Who is in it already stays as they are.
///
/// # Errors
/// `not_found`, `room_closed`, `direct_room`.
pub async fn join(app: &App, user: &users::Model, room: RoomId) -> Result<()> {
    let (user, clock) = (user.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (user, clock) = (user.clone(), clock.clone());
            Box::pin(async move {
                let mut access = queries::access::lock(tx, room, user.user_id()).await?;
                access.check(Permission::Join)?;
                if access.member.is_some() {
                    return Ok(((), Vec::new()));
                }
                Ok(((), enter(tx, &*clock, &mut access.room, &user).await?))
            })
        })
        .await?;
    Ok(())
}

/// Makes somebody a member of a room whose row is locked, and reports it there.
pub(super) async fn enter(
    tx: &Transaction,
    clock: &dyn Clock,
    room: &mut rooms::Model,
    user: &users::Model,
) -> charla_db::Result<Vec<Notice>> {
    let (user_id, room_id) = (user.user_id(), RoomId(room.id));
    let member = queries::members::newcomer(room, user_id, Role::Member, clock.now());
    queries::members::insert(tx, room, vec![member]).await?;
    let mut notices = vec![Notice::RoomAdded { people: vec![user_id], room_id }];
    notices.extend(system_message::append(tx, clock, room, user, &[Report::Joined]).await?);
    notices.push(Notice::RoomUpdated(room_id));
    Ok(notices)
}

/// Leaves a group. An owner hands over to the admin, else the member, who has been there longest; the last one out
/// closes the room.
///
/// # Errors
/// `not_found`, `not_a_member`, `direct_room`.
pub async fn leave(app: &App, user: &users::Model, room: RoomId) -> Result<()> {
    let (user, clock) = (user.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (user, clock) = (user.clone(), clock.clone());
            Box::pin(async move { Ok(((), leave_in(tx, &*clock, &user, room).await?)) })
        })
        .await?;
    Ok(())
}

async fn leave_in(
    tx: &Transaction,
    clock: &dyn Clock,
    user: &users::Model,
    room: RoomId,
) -> charla_db::Result<Vec<Notice>> {
    let mut access = queries::access::lock_leaving(tx, room, user.user_id()).await?;
    access.check(Permission::Leave)?;
    let member = access.member.ok_or(DbError::NotFound)?;
    let is_owner = member.role() == Role::Owner;
    let heir = if is_owner { queries::members::heir(tx, room, user.user_id()).await? } else { None };
    let row = &mut access.room;
    queries::members::delete(tx, row, &member, user).await?;
    if let Some(heir) = heir {
        queries::members::set_role(tx, room, heir, Role::Owner).await?;
    }
    let mut notices = vec![Notice::RoomRemoved { user_id: user.user_id(), room_id: room }];
    // A closed room does not change any more, not even by a report.
    if row.is_active {
        notices.extend(system_message::append(tx, clock, row, user, &[Report::Left]).await?);
    }
    if row.member_count == 0 {
        row.is_active = false;
        queries::rooms::update(tx, row).await?;
    }
    notices.push(Notice::RoomUpdated(room));
    notices.extend(heir.map(|heir| Notice::RoomAdded { people: vec![heir], room_id: room }));
    Ok(notices)
}

/// Adds people; those who are members already stay as they are. Gives those added.
///
/// # Errors
/// `contact_refused` where one of them has blocked the actor, `validation_failed`, `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`.
pub async fn add(
    app: &App,
    actor: &users::Model,
    via: Via,
    room: RoomId,
    ids: &[UserId],
) -> Result<Vec<Member>> {
    if ids.len() > MAX_PARTICIPANTS {
        return Err(Error::fields(vec![
            FieldError::new("user_ids", "too_many").with("max", MAX_PARTICIPANTS),
        ]));
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let (actor, clock) = (actor.clone(), app.clock.clone());
    let added = app
        .lanes
        .exclusive(room, move |tx| {
            let (actor, clock, ids) = (actor.clone(), clock.clone(), ids.clone());
            Box::pin(async move { add_in(tx, &*clock, (&actor, via), room, &ids).await })
        })
        .await?;
    Ok(added)
}

async fn add_in(
    tx: &Transaction,
    clock: &dyn Clock,
    (actor, via): (&users::Model, Via),
    room: RoomId,
    ids: &[UserId],
) -> charla_db::Result<(Vec<Member>, Vec<Notice>)> {
    let mut access = queries::access::lock(tx, room, actor.user_id()).await?;
    access.check(Permission::AddMembers)?;
    let people = queries::users::hold_active(tx, ids).await?;
    if people.is_empty() || people.len() < ids.len() {
        return Err(DbError::Rejected { field: "user_ids", reason: "unknown_user" });
    }
    let present = queries::members::present(tx, room, ids).await?;
    let newcomers: Vec<&users::Model> =
        people.iter().filter(|user| !present.contains(&user.user_id())).collect();
    let new_ids: Vec<UserId> = newcomers.iter().map(|user| user.user_id()).collect();
    check_adding(tx, actor.user_id(), &new_ids).await?;
    let is_public = access.room.visibility() == Visibility::Public;
    bots::check_bringing(actor, &newcomers, is_public, "user_ids")?;
    if newcomers.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (row, now) = (&mut access.room, clock.now());
    let members: Vec<room_members::Model> =
        new_ids.iter().map(|user| queries::members::newcomer(row, *user, Role::Member, now)).collect();
    let shown = members
        .iter()
        .zip(&newcomers)
        .map(|(member, user)| queries::members::wire(member, user, actor))
        .collect();
    queries::members::insert(tx, row, members).await?;
    let reports: Vec<Report<'_>> = newcomers.iter().map(|user| Report::Added(user)).collect();
    let mut notices = vec![Notice::RoomAdded { people: new_ids, room_id: room }];
    notices.extend(system_message::append(tx, clock, row, actor, &reports).await?);
    notices.push(Notice::RoomUpdated(room));
    let added = |user: &&users::Model| {
        let details = json!({"room_id": room});
        act(clock, (actor.user_id(), via), AuditAction::MemberAdded, user.user_id(), details)
    };
    queries::audit::append(tx, &newcomers.iter().map(added).collect::<Vec<_>>()).await?;
    Ok((shown, notices))
}

/// Refuses where one of these people has blocked the actor. The caller holds them.
pub(super) async fn check_adding(
    tx: &Transaction,
    actor: UserId,
    people: &[UserId],
) -> charla_db::Result<()> {
    let is_blocked = !queries::blocks::blockers(tx, actor, people).await?.is_empty();
    let contact = Relation { is_blocked, ..Relation::default() }.contact(DirectMessages::Everyone);
    Ok(check_approach(contact, Approach::AddToGroup)?)
}

/// Takes somebody out; oneself by leaving.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`.
pub async fn remove(app: &App, actor: &users::Model, via: Via, room: RoomId, target: UserId) -> Result<()> {
    if target == actor.user_id() {
        return leave(app, actor, room).await;
    }
    let (actor, clock) = (actor.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (actor, clock) = (actor.clone(), clock.clone());
            Box::pin(async move {
                let mut access = queries::access::lock(tx, room, actor.user_id()).await?;
                let member = find_target(tx, &access, room, target).await?;
                access.check(Permission::RemoveMember { target: member.role() })?;
                let user = queries::users::find(tx, target).await?.ok_or(DbError::NotFound)?;
                let row = &mut access.room;
                queries::members::delete(tx, row, &member, &user).await?;
                let mut notices = vec![Notice::RoomRemoved { user_id: target, room_id: room }];
                let report = [Report::Removed(&user)];
                notices.extend(system_message::append(tx, &*clock, row, &actor, &report).await?);
                notices.push(Notice::RoomUpdated(room));
                let details = json!({"room_id": room, "role": member.role()});
                let by = (actor.user_id(), via);
                let removed = act(&*clock, by, AuditAction::MemberRemoved, target, details);
                queries::audit::append(tx, &[removed]).await?;
                Ok(((), notices))
            })
        })
        .await?;
    Ok(())
}

/// Who is to be taken out. Who may remove nobody learns nothing about who is in the room.
async fn find_target(
    tx: &Transaction,
    access: &queries::access::Access,
    room: RoomId,
    target: UserId,
) -> charla_db::Result<room_members::Model> {
    access.check(Permission::RemoveMember { target: Role::Member })?;
    queries::members::find(tx, room, target).await?.ok_or(DbError::NotFound)
}

/// Gives somebody a role. Who makes another the owner becomes admin.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`; `conflict` where the owner would give up
/// the room without naming another.
pub async fn change_role(
    app: &App,
    actor: &users::Model,
    via: Via,
    room: RoomId,
    target: UserId,
    role: Role,
) -> Result<Member> {
    let (viewer, clock) = (actor.clone(), app.clock.clone());
    let member = app
        .lanes
        .exclusive(room, move |tx| {
            let (viewer, actor, clock) = (viewer.clone(), viewer.user_id(), clock.clone());
            Box::pin(async move {
                let access = queries::access::lock(tx, room, actor).await?;
                access.check(Permission::ChangeRole)?;
                if target == actor && role != Role::Owner {
                    return Err(DbError::Conflict(ErrorCode::Conflict));
                }
                let mut member = queries::members::find(tx, room, target).await?.ok_or(DbError::NotFound)?;
                let user = queries::users::find(tx, target).await?.ok_or(DbError::NotFound)?;
                // What is told to all says nobody's role: those whose role is another one get the room anew.
                let mut notices = vec![Notice::RoomUpdated(room)];
                let (before, mut acts) = (member.role(), Vec::new());
                if role == Role::Owner && target != actor {
                    queries::members::set_role(tx, room, actor, Role::Admin).await?;
                    notices.push(Notice::RoomAdded { people: vec![actor], room_id: room });
                }
                if before != role {
                    let details = json!({"room_id": room, "from": before, "to": role});
                    acts.push(act(&*clock, (actor, via), AuditAction::RoleChanged, target, details));
                    queries::members::set_role(tx, room, target, role).await?;
                    member.role = charla_db::tables::room_members::role_number(role);
                    notices.push(Notice::RoomAdded { people: vec![target], room_id: room });
                }
                let mut member = queries::members::wire(&member, &user, &viewer);
                if queries::blocks::are_parted(tx, actor, target).await? {
                    queries::members::hide_cursor(&mut member);
                }
                queries::audit::append(tx, &acts).await?;
                Ok((member, notices))
            })
        })
        .await?;
    Ok(member)
}

/// What the audit log says of somebody's membership.
fn act(
    clock: &dyn Clock,
    (actor, via): (UserId, Via),
    action: AuditAction,
    member: UserId,
    details: Value,
) -> Act {
    let target = (AuditTarget::User, member.0);
    Act { at: clock.now(), actor: Some(actor), via, action, target, details }
}
