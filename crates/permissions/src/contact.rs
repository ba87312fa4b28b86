//! Whether somebody may turn to somebody else.

use charla_protocol::users::DirectMessages;

use crate::Denied;

/// How two people stand to each other, as far as it decides on the one turning to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Who turns to the other has blocked them.
    pub has_blocked: bool,
    /// The other has blocked who turns to them.
    pub is_blocked: bool,
    pub are_friends: bool,
    /// The other has deleted their account: what was said can be read, and nothing more be said.
    pub is_gone: bool,
    /// From whom the other takes direct messages.
    pub direct_messages: DirectMessages,
}

/// What somebody wants of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approach {
    /// Write to them: open the direct room, send into it, edit what stands in it.
    DirectMessage,
    FriendRequest,
    AddToGroup,
}

/// Decides whether `contact` allows `approach`.
///
/// The refusal is the same whichever of the two has blocked the other: it does not tell who did.
///
/// # Errors
/// The reason of the refusal.
pub const fn check_approach(contact: Contact, approach: Approach) -> Result<(), Denied> {
    let Contact { has_blocked, is_blocked, are_friends, is_gone, direct_messages } = contact;
    match approach {
        Approach::DirectMessage if has_blocked || is_blocked || is_gone => Err(Denied::DirectMessagesRefused),
        Approach::DirectMessage => match direct_messages {
            DirectMessages::Friends if !are_friends => Err(Denied::DirectMessagesRefused),
            DirectMessages::Friends | DirectMessages::Everyone => Ok(()),
        },
        Approach::FriendRequest if has_blocked || is_blocked => Err(Denied::ContactRefused),
        // Whom one has blocked may still be where one is: one's own choice.
        Approach::AddToGroup if is_blocked => Err(Denied::ContactRefused),
        Approach::FriendRequest | Approach::AddToGroup => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGERS: Contact = Contact {
        has_blocked: false,
        is_blocked: false,
        are_friends: false,
        is_gone: false,
        direct_messages: DirectMessages::Everyone,
    };

    /// One row a contact: a direct message, a request, adding to a group.
    #[test]
    fn who_may_turn_to_whom() {
        use Denied::{ContactRefused, DirectMessagesRefused};
        let friends_only = Contact { direct_messages: DirectMessages::Friends, ..STRANGERS };
        let rows = [
            (STRANGERS, [Ok(()), Ok(()), Ok(())]),
            (friends_only, [Err(DirectMessagesRefused), Ok(()), Ok(())]),
            (Contact { are_friends: true, ..friends_only }, [Ok(()), Ok(()), Ok(())]),
            (Contact { is_gone: true, ..STRANGERS }, [Err(DirectMessagesRefused), Ok(()), Ok(())]),
            (
                Contact { has_blocked: true, ..STRANGERS },
                [Err(DirectMessagesRefused), Err(ContactRefused), Ok(())],
            ),
            (
                Contact { is_blocked: true, ..STRANGERS },
                [Err(DirectMessagesRefused), Err(ContactRefused), Err(ContactRefused)],
            ),
            (
                Contact { is_blocked: true, are_friends: true, ..STRANGERS },
                [Err(DirectMessagesRefused), Err(ContactRefused), Err(ContactRefused)],
            ),
        ];
        for (contact, expected) in rows {
            let approaches = [Approach::DirectMessage, Approach::FriendRequest, Approach::AddToGroup];
            assert_eq!(approaches.map(|approach| check_approach(contact, approach)), expected, "{contact:?}");
        }
    }
}
