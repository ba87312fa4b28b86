//! What the token of a bot permits. This is the one place that says so; what is not named here is for people alone.

use axum::extract::MatchedPath;
use charla_protocol::{
    ErrorCode,
    actions::Action,
    bots::Scope::{
        self, FilesWrite, MembersWrite, MessagesRead, MessagesWrite, ReactionsWrite, RoomsRead, RoomsWrite,
    },
};
use http::{Method, request::Parts};

use crate::error::{Error, Result};

/// What bots may do: the method, the route, and all the scopes that it takes.
const OPERATIONS: &[(&str, &str, &[Scope])] = &[
    ("GET", "/ws/", &[MessagesRead, RoomsRead]),
    ("GET", "/ws/chat/{room_id}/", &[MessagesRead]),
    ("GET", "/api/v1/users/me/", &[]),
    ("PUT", "/api/v1/users/me/avatar/", &[FilesWrite]),
    ("DELETE", "/api/v1/users/me/avatar/", &[FilesWrite]),
    ("GET", "/api/v1/users/", &[RoomsRead]),
    ("GET", "/api/v1/users/{id}/", &[RoomsRead]),
    ("GET", "/api/v1/chat/online-status/", &[RoomsRead]),
    ("GET", "/api/v1/chat/online-status/my_status/", &[]),
    ("GET", "/api/v1/chat/mentions/", &[MessagesRead]),
    ("GET", "/api/v1/chat/replies/", &[MessagesRead]),
    ("GET", "/api/v1/chat/messages/", &[MessagesRead]),
    ("POST", "/api/v1/chat/messages/", &[MessagesWrite]),
    ("POST", "/api/v1/chat/messages/mark_read/", &[MessagesRead]),
    ("GET", "/api/v1/chat/messages/search/", &[MessagesRead]),
    ("GET", "/api/v1/chat/messages/{id}/", &[MessagesRead]),
    ("PUT", "/api/v1/chat/messages/{id}/", &[MessagesWrite]),
    ("PATCH", "/api/v1/chat/messages/{id}/", &[MessagesWrite]),
    ("DELETE", "/api/v1/chat/messages/{id}/", &[MessagesWrite]),
    ("GET", "/api/v1/chat/messages/{id}/history/", &[MessagesRead]),
    ("GET", "/api/v1/chat/messages/{id}/reads/", &[MessagesRead]),
    ("GET", "/api/v1/chat/messages/{id}/replies/", &[MessagesRead]),
    ("PUT", "/api/v1/chat/messages/{id}/reactions/{emoji}/", &[ReactionsWrite]),
    ("DELETE", "/api/v1/chat/messages/{id}/reactions/{emoji}/", &[ReactionsWrite]),
    ("GET", "/api/v1/chat/rooms/", &[RoomsRead]),
    // Who makes a room brings people into it.
    ("POST", "/api/v1/chat/rooms/", &[RoomsWrite, MembersWrite]),
    ("GET", "/api/v1/chat/rooms/public/", &[RoomsRead]),
    ("POST", "/api/v1/chat/rooms/direct_chat/", &[RoomsWrite]),
    ("GET", "/api/v1/chat/rooms/{id}/", &[RoomsRead]),
    ("PATCH", "/api/v1/chat/rooms/{id}/", &[RoomsWrite]),
    ("DELETE", "/api/v1/chat/rooms/{id}/", &[RoomsWrite]),
    ("PUT", "/api/v1/chat/rooms/{id}/avatar/", &[RoomsWrite]),
    ("DELETE", "/api/v1/chat/rooms/{id}/avatar/", &[RoomsWrite]),
    ("GET", "/api/v1/chat/rooms/{id}/messages/", &[MessagesRead]),
    ("GET", "/api/v1/chat/rooms/{id}/changes/", &[MessagesRead]),
    ("POST", "/api/v1/chat/rooms/{id}/mark_all_read/", &[MessagesRead]),
    ("POST", "/api/v1/chat/rooms/{id}/leave/", &[RoomsWrite]),
    ("GET", "/api/v1/chat/rooms/{id}/pins/", &[MessagesRead]),
    ("POST", "/api/v1/chat/rooms/{id}/pins/", &[RoomsWrite]),
    ("DELETE", "/api/v1/chat/rooms/{id}/pins/{message_id}/", &[RoomsWrite]),
    ("GET", "/api/v1/chat/rooms/{id}/members/", &[RoomsRead]),
    ("POST", "/api/v1/chat/rooms/{id}/members/", &[MembersWrite]),
    ("PATCH", "/api/v1/chat/rooms/{id}/members/{user_id}/", &[MembersWrite]),
    ("DELETE", "/api/v1/chat/rooms/{id}/members/{user_id}/", &[MembersWrite]),
    ("GET", "/api/v1/chat/rooms/{id}/invites/", &[MembersWrite]),
    ("POST", "/api/v1/chat/rooms/{id}/invites/", &[MembersWrite]),
    ("DELETE", "/api/v1/chat/rooms/{id}/invites/{code}/", &[MembersWrite]),
    ("POST", "/api/v1/chat/uploads/", &[FilesWrite]),
    ("GET", "/media/{id}/{name}", &[MessagesRead]),
];

/// What an operation takes; none for one that is for people alone.
pub fn of_operation(method: &Method, route: &str) -> Option<&'static [Scope]> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    OPERATIONS.iter().find(|(of, path, _)| (*of, *path) == (method, route)).map(|(.., scopes)| *scopes)
}

/// How many operations there are for bots, the two doors of the WebSocket among them.
pub const fn count() -> usize {
    OPERATIONS.len()
}

/// What an action over a socket takes.
fn of_action(action: &Action) -> &'static [Scope] {
    match action {
        Action::SendMessage { .. }
        | Action::Typing { .. }
        | Action::EditMessage { .. }
        | Action::DeleteMessage { .. } => &[MessagesWrite],
        Action::MarkRead { .. } => &[MessagesRead],
        Action::React { .. } | Action::Unreact { .. } => &[ReactionsWrite],
        Action::Focus | Action::Ping => &[],
    }
}

/// Whether a caller with these scopes may go on with that request. People have none, and may do all.
///
/// # Errors
/// `missing_scope`
pub fn check_request(held: Option<&[Scope]>, parts: &Parts) -> Result<()> {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    check(held, of_operation(&parts.method, route))
}

/// The same of an action over a socket.
///
/// # Errors
/// `missing_scope`
pub fn check_action(held: Option<&[Scope]>, action: &Action) -> Result<()> {
    check(held, Some(of_action(action)))
}

/// The same of what is for people alone.
///
/// # Errors
/// `missing_scope`
pub fn check_person(held: Option<&[Scope]>) -> Result<()> {
    check(held, None)
}

fn check(held: Option<&[Scope]>, needed: Option<&[Scope]>) -> Result<()> {
    let is_permitted =
        held.is_none_or(|held| needed.is_some_and(|needed| needed.iter().all(|scope| held.contains(scope))));
    if is_permitted { Ok(()) } else { Err(Error::new(ErrorCode::MissingScope)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_permits_what_it_has_all_scopes_of() {
        let needs: &[Scope] = &[RoomsWrite, MembersWrite];
        assert!(check(None, None).is_ok(), "people may do all");
        assert!(check(None, Some(needs)).is_ok());
        assert!(check(Some(&Scope::ALL), None).is_err(), "what is for people alone");
        assert!(check(Some(&[]), Some(&[])).is_ok());
        assert!(check(Some(&[RoomsWrite]), Some(needs)).is_err());
        assert!(check(Some(&[RoomsWrite, MembersWrite]), Some(needs)).is_ok());
    }

    #[test]
    fn an_operation_is_named_once() {
        for (index, (method, route, scopes)) in OPERATIONS.iter().enumerate() {
            let method: Method = method.parse().unwrap();
            assert_eq!(of_operation(&method, route), Some(*scopes));
            assert!(OPERATIONS[..index].iter().all(|(of, path, _)| (*of, *path) != (method.as_str(), route)));
        }
        assert_eq!(of_operation(&Method::HEAD, "/ws/"), of_operation(&Method::GET, "/ws/"));
    }
}
