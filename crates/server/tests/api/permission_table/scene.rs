//! A room with everybody around it, made anew for each question.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use charla_client::Client;
use charla_db::tables;
use charla_protocol::{
    MessageId, RoomId, UserId,
    invites::CreateInvite,
    members::Role,
    messages::SendMessage,
    rooms::{Room, Visibility},
    users::Me,
};
use charla_testing::TestServer;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body, table::Row};
use crate::support::{make_staff, text};

static CASTS: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Where it does not matter what rooms there are.
    Anywhere,
    PrivateGroup,
    PublicGroup,
    ClosedGroup,
    DirectRoom,
    FriendRequest,
}

impl Place {
    /// Whether an answer there may stand in the way of the next one.
    pub(super) fn is_spent(self) -> bool {
        matches!(self, Self::Anywhere | Self::FriendRequest)
    }

    pub(super) const ROOMS: [Self; 4] =
        [Self::PrivateGroup, Self::PublicGroup, Self::ClosedGroup, Self::DirectRoom];

    pub(super) fn named(name: &str) -> Self {
        match name {
            "anywhere" => Self::Anywhere,
            "private group" => Self::PrivateGroup,
            "public group" => Self::PublicGroup,
            "closed group" => Self::ClosedGroup,
            "direct room" => Self::DirectRoom,
            "friend request" => Self::FriendRequest,
            _ => panic!("there is no place {name}"),
        }
    }
}

/// Everybody there is.
pub(super) struct Cast {
    anonymous: Client,
    stranger: (Client, Me),
    member: (Client, Me),
    author: (Client, Me),
    admin: (Client, Me),
    owner: (Client, Me),
    staff: (Client, Me),
    other: Me,
    newcomer: Me,
}

impl Cast {
    pub(super) async fn meet(server: &TestServer) -> Self {
        let number = CASTS.fetch_add(1, Ordering::Relaxed);
        let person = |name: &'static str| async move { server.person(&format!("{name}{number}")).await };
        let cast = Self {
            anonymous: server.anonymous(),
            stranger: person("stranger").await,
            member: person("member").await,
            author: person("author").await,
            admin: person("admin").await,
            owner: person("owner").await,
            staff: person("staff").await,
            other: person("other").await.1,
            newcomer: person("newcomer").await.1,
        };
        make_staff(server, &cast.staff.1).await;
        cast
    }

    async fn group(&self, server: &TestServer, visibility: Visibility) -> Room {
        let people = [&self.member.1, &self.author.1, &self.admin.1, &self.other];
        let room = server.group(&self.owner.0, visibility, &people).await;
        self.owner.0.change_role(room.id, self.admin.1.user.id, Role::Admin).await.unwrap();
        room
    }

    /// The member asks the author to be friends.
    async fn ask_to_be_friends(&self) -> String {
        let body = json!({"user_id": self.author.1.user.id});
        let answer =
            self.member.0.request(Method::POST, "/api/v1/friends/requests/", Some(&body)).await.unwrap();
        answer.json::<Value>().unwrap()["request"]["id"].as_str().unwrap().to_owned()
    }

    fn client(&self, who: &str) -> &Client {
        match who {
            "anonymous" => &self.anonymous,
            "stranger" => &self.stranger.0,
            "member" | "sender" => &self.member.0,
            "author" | "receiver" => &self.author.0,
            "admin" => &self.admin.0,
            "owner" => &self.owner.0,
            "staff" => &self.staff.0,
            _ => panic!("there is nobody called {who}"),
        }
    }
}

/// What the paths of one question name: a room, its message, one of its members, a request.
pub(super) struct Scene {
    cast: Arc<Cast>,
    pub(super) room: RoomId,
    pub(super) message: MessageId,
    file: Uuid,
    /// The code of one into the room, or where that does not matter onto the server.
    invite: String,
    request: String,
}

impl Scene {
    pub(super) async fn set(server: &TestServer, cast: Arc<Cast>, place: Place) -> Self {
        let room = match place {
            Place::DirectRoom => cast.member.0.direct_chat(cast.author.1.user.id).await.unwrap().value,
            Place::PublicGroup => cast.group(server, Visibility::Public).await,
            _ => cast.group(server, Visibility::Private).await,
        };
        let file = cast.author.0.upload("file", "bytes").await.unwrap().id;
        let sent = SendMessage { attachment_ids: vec![file], ..text(room.id, "hello") };
        let message = cast.author.0.send_message(&sent).await.unwrap().value.id;
        let pinning = if place == Place::DirectRoom { &cast.author.0 } else { &cast.owner.0 };
        pinning.pin(room.id, message).await.unwrap();
        let invite = match place {
            Place::Anywhere => {
                cast.staff.0.create_server_invite(&CreateInvite::default()).await.unwrap().code
            }
            Place::DirectRoom => "none".to_owned(),
            _ => cast.owner.0.create_invite(room.id, &CreateInvite::default()).await.unwrap().code,
        };
        if place == Place::ClosedGroup {
            cast.owner.0.close_room(room.id).await.unwrap();
        }
        let request = match place {
            Place::FriendRequest => cast.ask_to_be_friends().await,
            _ => String::new(),
        };
        Self { cast, room: room.id, message, file, invite, request }
    }

    /// The same place with nothing done to it yet.
    pub(super) async fn renew(&self, server: &TestServer, place: Place) -> Self {
        let cast = if place.is_spent() { Arc::new(Cast::meet(server).await) } else { self.cast.clone() };
        Self::set(server, cast, place).await
    }

    /// Somebody else in the room.
    pub(super) fn other(&self) -> UserId {
        self.cast.other.user.id
    }

    /// Somebody who is not in it.
    pub(super) fn newcomer(&self) -> UserId {
        self.cast.newcomer.user.id
    }

    /// The status of the answer.
    pub(super) async fn ask(&self, who: &str, row: &Row) -> u16 {
        let client = self.cast.client(who);
        let path = self.path(row.path);
        let request = client.request_builder(row.method.parse().unwrap(), &path).unwrap();
        let request = body::add(self, row, request);
        client.send_request(request).await.unwrap().status
    }

    fn path(&self, template: &str) -> String {
        let id = match template {
            _ if template.contains("/messages/{id}/") => self.message.to_string(),
            _ if template.contains("/rooms/{id}/") => self.room.to_string(),
            _ if template.contains("/requests/{id}/") => self.request.clone(),
            _ if template.contains("/users/{id}/") => self.other().to_string(),
            _ if template.contains("/media/{id}/") => self.file.to_string(),
            // Nothing that anybody here has.
            _ => self.room.to_string(),
        };
        let path = template
            .replace("{id}", &id)
            .replace("{user_id}", &self.other().to_string())
            .replace("{message_id}", &self.message.to_string())
            .replace("{token_id}", &self.room.to_string())
            .replace("{code}", &self.invite)
            .replace("{emoji}", "%F0%9F%91%8D")
            .replace("{name}", "file");
        path + body::query(template)
    }

    /// The room, its members, the message and the request, as the database has them.
    pub(super) async fn snapshot(&self, server: &TestServer) -> String {
        let db = server.app.db.read();
        let room = tables::rooms::Entity::find_by_id(self.room.0).one(db).await.unwrap();
        let members = tables::room_members::Entity::find()
            .filter(tables::room_members::Column::RoomId.eq(self.room.0))
            .order_by_asc(tables::room_members::Column::UserId);
        let message = tables::messages::Entity::find_by_id(self.message.0).one(db).await.unwrap();
        let requests = tables::friend_requests::Entity::find().all(db).await.unwrap();
        format!("{room:?} {:?} {message:?} {requests:?}", members.all(db).await.unwrap())
    }
}
