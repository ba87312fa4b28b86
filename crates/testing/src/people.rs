//! People with names, and groups of them, on any server.

use charla_client::Client;
use charla_protocol::{
    auth::Register,
    members::Role,
    rooms::{CreateRoom, History, Room, RoomType, Visibility},
    users::Me,
};

use crate::PASSWORD;

/// Makes an account of that name, and signs the client in.
///
/// # Panics
/// Where the name is taken.
pub async fn sign_up(client: &Client, username: &str) -> Me {
    let body = Register {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        password: PASSWORD.to_owned(),
        phone_number: None,
        display_name: None,
        invite: None,
    };
    client.register(&body).await.expect("the account can be made").user
}

/// Makes a group of the owner and these people.
///
/// # Panics
/// Where it can't be made.
pub async fn make_group(owner: &Client, visibility: Visibility, history: History, people: &[&Me]) -> Room {
    let body = CreateRoom {
        name: "A room".to_owned(),
        room_type: RoomType::Group,
        visibility,
        topic: String::new(),
        history,
        participants: people.iter().map(|person| person.user.id).collect(),
    };
    let room = owner.create_room(&body).await.expect("the room can be made");
    assert_eq!(room.my_role, Some(Role::Owner));
    room
}
