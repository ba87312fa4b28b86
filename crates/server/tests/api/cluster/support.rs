//! What the tests of several nodes say often.

use charla_broker::{Delivery, Fate, Topic};
use charla_client::{Client, Socket};
use charla_protocol::{events::Event, messages::Message};
use charla_testing::{PASSWORD, TestServer};

use crate::support::wait_for;

/// The same person at another node.
pub(super) async fn at(node: &TestServer, username: &str) -> Client {
    let client = node.anonymous();
    client.login(username, PASSWORD).await.expect("the account is known everywhere");
    client
}

/// The message that an event carries.
pub(super) fn message(event: Event) -> Option<Message> {
    match event {
        Event::Message(message) | Event::MessageEdited(message) | Event::MessageDeleted(message) => {
            Some(*message)
        }
        Event::Reaction(reacted) => Some(reacted.message),
        _ => None,
    }
}

/// The next so many changes of timelines that come over a socket, each as its revision and text.
pub(super) async fn next_changes(socket: &mut Socket, count: usize) -> Vec<(i64, String)> {
    let mut changes = Vec::new();
    while changes.len() < count {
        let message = wait_for(socket, message).await;
        changes.push((message.revision, message.content));
    }
    changes
}

/// Decides by the revision of a change what becomes of it; everything else arrives.
pub(super) fn changes(
    fate: impl Fn(i64) -> Fate + Send + 'static,
) -> impl Fn(Topic, &Delivery) -> Fate + Send {
    move |_, delivery| match delivery {
        Delivery::Change { revision, .. } => fate(*revision),
        _ => Fate::Arrives,
    }
}
