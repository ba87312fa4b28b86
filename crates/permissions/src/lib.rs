//! Who may do what in a room, and with whom: pure rules without I/O, one exhaustive match each.
//!
//! Absent on purpose: anything about accounts and sessions. Blocks and friendships are facts of two people, not of a
//! standing in a room: [`contact`] judges those.

pub mod contact;

pub use contact::{Approach, Contact, check_approach};

use charla_protocol::{
    ErrorCode,
    members::Role,
    rooms::{RoomType, Visibility},
};

/// How a person stands to a room: everything the rules need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub room_type: RoomType,
    pub visibility: Visibility,
    /// False once the room is closed.
    pub is_active: bool,
    /// None for somebody who is not in the room.
    pub role: Option<Role>,
    /// A moderator of the whole server.
    pub is_staff: bool,
}

/// What somebody wants to do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the room itself: name, topic, members' count.
    ViewRoom,
    /// Read messages, members, changes; set one's own read cursor and preferences.
    ReadMessages,
    SendMessage,
    React,
    /// Edit a message; only its author ever may.
    EditMessage {
        own: bool,
    },
    DeleteMessage {
        own: bool,
    },
    EditRoom,
    CloseRoom,
    Join,
    Leave,
    AddMembers,
    /// Make, see and withdraw invites.
    Invite,
    /// Pin messages, and take pins away.
    Pin,
    /// Remove somebody else, who has that role.
    RemoveMember {
        target: Role,
    },
    ChangeRole,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// As if it were not there.
    NotFound,
    NotAMember,
    RoomClosed,
    Forbidden,
    /// A direct room does not know this act.
    DirectRoom,
    /// The other person takes no direct messages from this one.
    DirectMessagesRefused,
    /// A block stands between the two.
    ContactRefused,
}

impl Denied {
    /// The stable code of this refusal.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NotFound => ErrorCode::NotFound,
            Self::NotAMember => ErrorCode::NotAMember,
            Self::RoomClosed => ErrorCode::RoomClosed,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::DirectRoom => ErrorCode::DirectRoom,
            Self::DirectMessagesRefused => ErrorCode::DirectMessagesRefused,
            Self::ContactRefused => ErrorCode::ContactRefused,
        }
    }
}

/// Decides whether `standing` allows `permission`.
///
/// Who cannot see the room gets `NotFound`, whatever they ask; who sees it but is not in it gets `NotAMember`;
/// a closed room refuses every change with `RoomClosed`.
///
/// # Errors
/// The reason of the refusal.
pub fn check(standing: Standing, permission: Permission) -> Result<(), Denied> {
    let member = || standing.role.ok_or(Denied::NotAMember);
    let at_least = |role: Role| match standing.role {
        Some(own) if own >= role => Ok(()),
        Some(_) => Err(Denied::Forbidden),
        None => Err(Denied::NotAMember),
    };
    let group = || match standing.room_type {
        RoomType::Group => Ok(()),
        RoomType::Direct => Err(Denied::DirectRoom),
    };
    let open = || if standing.is_active { Ok(()) } else { Err(Denied::RoomClosed) };

    if !can_see(standing) && !matches!(permission, Permission::DeleteMessage { .. } if standing.is_staff) {
        return Err(Denied::NotFound);
    }
    match permission {
        Permission::ViewRoom => Ok(()),
        Permission::ReadMessages => member().map(drop),
        Permission::SendMessage | Permission::React => member().map(drop).and_then(|()| open()),
        Permission::EditMessage { own } => {
            member()?;
            open()?;
            if own { Ok(()) } else { Err(Denied::Forbidden) }
        }
        Permission::DeleteMessage { .. } if standing.is_staff => open(),
        Permission::DeleteMessage { own } => {
            member()?;
            open()?;
            if own { Ok(()) } else { moderate(standing) }
        }
        Permission::EditRoom | Permission::AddMembers | Permission::Invite => {
            group()?;
            member()?;
            open()?;
            at_least(Role::Admin)
        }
        Permission::Pin => {
            member()?;
            open()?;
            match standing.room_type {
                RoomType::Group => at_least(Role::Admin),
                RoomType::Direct => Ok(()),
            }
        }
        Permission::CloseRoom | Permission::ChangeRole => {
            group()?;
            member()?;
            open()?;
            at_least(Role::Owner)
        }
        Permission::Join => {
            group()?;
            open()
        }
        Permission::Leave => {
            group()?;
            member().map(drop)
        }
        Permission::RemoveMember { target } => {
            group()?;
            member()?;
            open()?;
            at_least(Role::Admin)?;
            if standing.role > Some(target) { Ok(()) } else { Err(Denied::Forbidden) }
        }
    }
}

/// Deleting what others wrote: admins and the owner of a group; nobody in a direct room.
fn moderate(standing: Standing) -> Result<(), Denied> {
    match (standing.room_type, standing.role) {
        (RoomType::Group, Some(Role::Admin | Role::Owner)) => Ok(()),
        (RoomType::Group, Some(Role::Member) | None) | (RoomType::Direct, _) => Err(Denied::Forbidden),
    }
}

fn can_see(standing: Standing) -> bool {
    standing.role.is_some() || standing.visibility == Visibility::Public
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Option<Role> = Some(Role::Owner);
    const ADMIN: Option<Role> = Some(Role::Admin);
    const MEMBER: Option<Role> = Some(Role::Member);

    fn group(visibility: Visibility, role: Option<Role>) -> Standing {
        Standing { room_type: RoomType::Group, visibility, is_active: true, role, is_staff: false }
    }

    /// One row a permission: stranger of a public room, member, admin, owner.
    #[test]
    fn rights_in_a_group() {
        use Denied::{Forbidden, NotAMember};
        use Permission as P;
        let rows: [(Permission, [Result<(), Denied>; 4]); 17] = [
            (P::ViewRoom, [Ok(()), Ok(()), Ok(()), Ok(())]),
            (P::ReadMessages, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (P::React, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (P::SendMessage, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (P::EditMessage { own: true }, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (
                P::EditMessage { own: false },
                [Err(NotAMember), Err(Forbidden), Err(Forbidden), Err(Forbidden)],
            ),
            (P::DeleteMessage { own: true }, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (P::DeleteMessage { own: false }, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
            (P::EditRoom, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
            (P::AddMembers, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
            (P::Invite, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
            (P::Pin, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
            (P::CloseRoom, [Err(NotAMember), Err(Forbidden), Err(Forbidden), Ok(())]),
            (P::ChangeRole, [Err(NotAMember), Err(Forbidden), Err(Forbidden), Ok(())]),
            (P::Join, [Ok(()), Ok(()), Ok(()), Ok(())]),
            (P::Leave, [Err(NotAMember), Ok(()), Ok(()), Ok(())]),
            (P::RemoveMember { target: Role::Member }, [Err(NotAMember), Err(Forbidden), Ok(()), Ok(())]),
        ];
        for (permission, expected) in rows {
            for (role, expected) in [None, MEMBER, ADMIN, OWNER].into_iter().zip(expected) {
                assert_eq!(
                    check(group(Visibility::Public, role), permission),
                    expected,
                    "{permission:?} {role:?}"
                );
                let private = if role.is_none() { Err(Denied::NotFound) } else { expected };
                assert_eq!(
                    check(group(Visibility::Private, role), permission),
                    private,
                    "{permission:?} {role:?}"
                );
            }
        }
    }

    #[test]
    fn nobody_removes_their_equal_or_better() {
        for (own, target) in
            [(Role::Admin, Role::Admin), (Role::Admin, Role::Owner), (Role::Owner, Role::Owner)]
        {
            let standing = group(Visibility::Private, Some(own));
            assert_eq!(check(standing, Permission::RemoveMember { target }), Err(Denied::Forbidden));
        }
        let owner = group(Visibility::Private, OWNER);
        assert_eq!(check(owner, Permission::RemoveMember { target: Role::Admin }), Ok(()));
    }

    #[test]
    fn a_closed_room_refuses_every_change_and_can_be_read_and_left() {
        let closed = Standing { is_active: false, ..group(Visibility::Public, OWNER) };
        for permission in [
            Permission::SendMessage,
            Permission::React,
            Permission::EditMessage { own: true },
            Permission::DeleteMessage { own: true },
            Permission::EditRoom,
            Permission::CloseRoom,
            Permission::AddMembers,
            Permission::Invite,
            Permission::Pin,
            Permission::RemoveMember { target: Role::Member },
            Permission::ChangeRole,
            Permission::Join,
        ] {
            assert_eq!(check(closed, permission), Err(Denied::RoomClosed), "{permission:?}");
        }
        for permission in [Permission::ViewRoom, Permission::ReadMessages, Permission::Leave] {
            assert_eq!(check(closed, permission), Ok(()), "{permission:?}");
        }
    }

    #[test]
    fn a_direct_room_has_no_group_rights() {
        let direct = Standing {
            room_type: RoomType::Direct,
            visibility: Visibility::Private,
            is_active: true,
            role: MEMBER,
            is_staff: false,
        };
        for permission in [
            Permission::EditRoom,
            Permission::CloseRoom,
            Permission::AddMembers,
            Permission::Invite,
            Permission::Join,
            Permission::Leave,
        ] {
            assert_eq!(check(direct, permission), Err(Denied::DirectRoom), "{permission:?}");
        }
        assert_eq!(check(direct, Permission::DeleteMessage { own: false }), Err(Denied::Forbidden));
        assert_eq!(check(direct, Permission::SendMessage), Ok(()));
        assert_eq!(check(direct, Permission::Pin), Ok(()));
    }

    #[test]
    fn staff_may_delete_anywhere_and_nothing_else() {
        let staff = Standing { is_staff: true, ..group(Visibility::Private, None) };
        assert_eq!(check(staff, Permission::DeleteMessage { own: false }), Ok(()));
        assert_eq!(check(staff, Permission::ReadMessages), Err(Denied::NotFound));
        assert_eq!(check(staff, Permission::EditRoom), Err(Denied::NotFound));
    }
}
