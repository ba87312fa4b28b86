//! Questions to a node, by either door, and what became of them.

use std::time::Duration;

use charla_client::{Error, Result};
use charla_protocol::{
    actions::{Action, ClientFrame},
    events::ErrorData,
    messages::{MessageType, SendMessage},
};
use charla_testing::history::{Answer, Brought, Call, View, What};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{Person, Upload, World};

/// For an answer over the socket.
const ANSWER_WITHIN: Duration = Duration::from_secs(6);

/// An action for the person's socket.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) frame: ClientFrame,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// Asks by the socket that is open, if one is.
pub(super) async fn by_socket(
    world: &World,
    person: &Person,
    socket: &mpsc::Sender<Ask>,
    call: &Call,
    name: String,
) -> Answer {
    let asked = world.record.ask(person.number, call.clone());
    let (sender, answer) = oneshot::channel();
    let ask = Ask { frame: frame(call, name), answer: sender };
    let answer = async {
        socket.send(ask).await.ok();
        answer.await
    };
    let answer = match tokio::time::timeout(ANSWER_WITHIN, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Answer::Unknown("the socket is gone".to_owned()),
        Err(_) => Answer::Unknown("no answer in time".to_owned()),
    };
    world.record.answer(person.number, asked, answer.clone());
    answer
}

fn frame(call: &Call, name: String) -> ClientFrame {
    let (room, action) = match call.clone() {
        Call::Send { room, content, files, .. } => {
            let (message_type, attachment_ids) = (MessageType::Text, ids(&files));
            (Some(room), Action::SendMessage { content, message_type, reply_to_id: None, attachment_ids })
        }
        Call::Edit { room, message, content } => {
            (Some(room), Action::EditMessage { message_id: message, content })
        }
        Call::Delete { room, message } => (Some(room), Action::DeleteMessage { message_id: message }),
        Call::React { room, message, emoji, added: true } => {
            (Some(room), Action::React { message_id: message, emoji })
        }
        Call::React { room, message, emoji, .. } => {
            (Some(room), Action::Unreact { message_id: message, emoji })
        }
        Call::Read { room, message, .. } => (Some(room), Action::MarkRead { message_ids: vec![message] }),
        // Membership and sessions have no actions: they go over REST.
        Call::Admit { .. } | Call::SignOut { .. } | Call::Look => (None, Action::Ping),
    };
    ClientFrame { room_id: room, client_id: Some(name), action }
}

/// Brings in a file with this text. It is nothing before a message has it: what fails is not tried again.
pub(super) async fn upload(world: &World, person: &Person, node: usize, text: String) -> Option<Brought> {
    let uploading = person.clients[node].upload("note.txt", text.clone());
    let file = tokio::time::timeout(ANSWER_WITHIN, uploading).await.ok()?.ok()?;
    let (id, url) = (file.id, file.url);
    world.files.lock().push(Upload { person: person.account, id, url });
    Some(Brought { id, text })
}

/// Asks over REST.
pub(crate) async fn by_rest(world: &World, person: &Person, node: usize, call: &Call) -> Answer {
    let asked = world.record.ask(person.number, call.clone());
    let done = over_rest(world, person, node, asked, call).await;
    let answer = match done {
        Ok(answer) => answer,
        Err(error) => {
            if error.status() == Some(401) {
                // It is tried again with the next call where this fails too.
                person.sign_in(node).await.ok();
            }
            outcome(&error)
        }
    };
    world.record.answer(person.number, asked, answer.clone());
    answer
}

async fn over_rest(world: &World, person: &Person, node: usize, asked: usize, call: &Call) -> Result<Answer> {
    let client = &person.clients[node];
    let shown = |message| {
        let view = View::from(message);
        let answer = Answer::Acknowledged { id: Some(view.id), revision: Some(view.revision) };
        world
            .record
            .add(person.number, What::Page { asked, room: view.room, revision: None, messages: vec![view] });
        answer
    };
    let done = Answer::Acknowledged { id: None, revision: None };
    Ok(match call.clone() {
        Call::Send { room, client_id, content, files } => {
            let message = client.send_message(&message(room, client_id, content, &files)).await?.value;
            shown(&message);
            Answer::Acknowledged { id: Some(message.id), revision: Some(message.seq) }
        }
        Call::Edit { message, content, .. } => shown(&client.edit_message(message, &content).await?),
        Call::Delete { message, .. } => client.delete_message(message).await.map(|()| done)?,
        Call::React { message, emoji, added: true, .. } => shown(&client.react(message, &emoji).await?),
        Call::React { message, emoji, .. } => client.unreact(message, &emoji).await.map(|()| done)?,
        Call::Read { message, .. } => client.mark_read(vec![message]).await.map(|_| done)?,
        Call::Admit { room, user, is_in: true } => {
            client.add_members(room, vec![user]).await.map(|()| done)?
        }
        Call::Admit { room, user, .. } => client.remove_member(room, user).await.map(|()| done)?,
        // A session's end is the visitor's to ask for.
        Call::SignOut { .. } | Call::Look => done,
    })
}

fn message(
    room: charla_protocol::RoomId,
    client_id: String,
    content: String,
    files: &[Brought],
) -> SendMessage {
    SendMessage {
        room,
        content,
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: ids(files),
        client_id: Some(client_id),
    }
}

fn ids(files: &[Brought]) -> Vec<Uuid> {
    files.iter().map(|file| file.id).collect()
}

/// What a failure says about what was asked: only a refusal says that it was not done.
pub(super) fn outcome(error: &Error) -> Answer {
    match error.status() {
        Some(status) if (400..500).contains(&status) && status != 408 => Answer::Refused(error.to_string()),
        _ => Answer::Unknown(error.to_string()),
    }
}

/// The same of an `error` event.
pub(super) fn refusal(error: &ErrorData) -> Answer {
    let text = format!("{}: {}", error.code.as_str(), error.detail);
    if error.code.status() < 500 { Answer::Refused(text) } else { Answer::Unknown(text) }
}
