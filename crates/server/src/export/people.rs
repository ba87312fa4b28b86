//! The people and rooms of an account: names of others, and nothing they have written.

use charla_db::{
    queries::{
        self,
        paging::{Ask, Seek},
    },
    tables::users,
};
use charla_protocol::{FriendRequestId, RoomId, UserId, friends::RequestDirection};
use serde_json::{Value, json};

use super::archive::Archive;
use crate::App;

/// Rows of a page.
const PAGE: u64 = 100;

pub(super) async fn friends(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    let friends = queries::friendships::all(app.db.read(), user.user_id()).await?;
    let friends: Vec<_> = friends.iter().map(users::Model::summary).collect();
    let incoming = requests(app, user, RequestDirection::Incoming).await?;
    let outgoing = requests(app, user, RequestDirection::Outgoing).await?;
    let all = json!({"friends": friends, "incoming_requests": incoming, "outgoing_requests": outgoing});
    archive.json("friends.json", &all).await
}

async fn requests(app: &App, user: &users::Model, direction: RequestDirection) -> anyhow::Result<Vec<Value>> {
    let (mut all, mut ask) = (Vec::new(), Ask::<FriendRequestId>::first(PAGE));
    loop {
        let page = queries::friend_requests::page(app.db.read(), user, direction, ask).await?;
        let next = page.ends(|row| row.id).next;
        all.extend(page.rows.into_iter().map(|row| {
            let other = if row.sender.id == user.user_id() { row.receiver } else { row.sender };
            json!({"user": other, "created_at": row.created_at})
        }));
        let Some(next) = next else { return Ok(all) };
        ask = Ask { seek: Seek::After(next), limit: PAGE };
    }
}

pub(super) async fn blocks(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    let (mut all, mut ask) = (Vec::new(), Ask::<(i64, UserId)>::first(PAGE));
    loop {
        let page = queries::blocks::page(app.db.read(), user.user_id(), ask).await?;
        let next = page.ends(|row| (row.created_at.millis(), row.user.id)).next;
        all.extend(page.rows);
        let Some(next) = next else { break };
        ask = Ask { seek: Seek::After(next), limit: PAGE };
    }
    archive.json("blocks.json", &all).await
}

/// The rooms that the account is in, with its own place in each. The last message may be another's: it is left out.
pub(super) async fn rooms(app: &App, user: &users::Model, archive: &Archive) -> anyhow::Result<()> {
    let (mut all, mut ask) = (Vec::new(), Ask::<(i64, RoomId)>::first(PAGE));
    loop {
        let page = queries::rooms::of_user(app.db.read(), user.user_id(), ask).await?;
        let next = page.ends(|(room, _)| (room.last_activity_at, RoomId(room.id))).next;
        let members: Vec<_> = page.rows.iter().map(|(_, member)| member.clone()).collect();
        let rooms = page.rows.into_iter().map(|(room, _)| (room, None)).collect();
        let rooms = queries::rooms::wire(app.db.read(), None, rooms).await?;
        all.extend(rooms.into_iter().zip(members).map(|(room, member)| {
            let preferences = member.as_ref().map(|member| member.preferences());
            json!({
                "id": room.id,
                "name": room.name,
                "topic": room.topic,
                "room_type": room.room_type,
                "visibility": room.visibility,
                "participants": room.participants,
                "participant_count": room.participant_count,
                "role": member.as_ref().map(|member| member.role()),
                "joined_at": member.as_ref().map(|member| charla_protocol::Timestamp::from_millis(member.joined_at)),
                "preferences": preferences,
            })
        }));
        let Some(next) = next else { break };
        ask = Ask { seek: Seek::After(next), limit: PAGE };
    }
    archive.json("rooms.json", &all).await
}
