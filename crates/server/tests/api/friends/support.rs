//! Short ways of saying what these tests say often.

use charla_client::Client;
use charla_protocol::{
    FriendRequestId, UserId,
    friends::RequestDirection,
    users::{Friendship, UpdateMe, UpdateSettings, User},
};

/// Asks, and gives the request's id.
pub(super) async fn ask(client: &Client, other: UserId) -> FriendRequestId {
    let asked = client.request_friendship(other).await.unwrap();
    assert!(asked.is_new);
    asked.value.request.expect("a request").id
}

/// What the caller has with somebody, which is the same wherever they are shown.
pub(super) async fn friendship(client: &Client, other: UserId) -> Friendship {
    client.user(other).await.unwrap().friendship
}

pub(super) fn usernames(people: &[User]) -> Vec<&str> {
    people.iter().map(|person| person.username.as_str()).collect()
}

/// How many requests come to the caller, and from them.
pub(super) async fn request_counts(client: &Client) -> (usize, usize) {
    let incoming = client.friend_requests(RequestDirection::Incoming).await.unwrap().results.len();
    (incoming, client.friend_requests(RequestDirection::Outgoing).await.unwrap().results.len())
}

pub(super) async fn set(client: &Client, settings: UpdateSettings) {
    client.update_me(&UpdateMe { settings: Some(settings), ..UpdateMe::default() }).await.unwrap();
}
