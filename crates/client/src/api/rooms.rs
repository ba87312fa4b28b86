//! `/api/v1/chat/rooms/`

use charla_protocol::{
    List, RoomId, UserId,
    messages::{Changes, ReadState, Timeline},
    rooms::{CreateRoom, DirectChat, Preferences, Room, UpdatePreferences, UpdateRoom},
};
use reqwest::Method;

use crate::{
    Client, Result,
    api::{Made, Place},
    http::Call,
};

const ROOMS: &str = "/api/v1/chat/rooms/";

fn path(id: RoomId, rest: &str) -> String {
    format!("{ROOMS}{id}/{rest}")
}

impl Client {
    /// The caller's rooms, latest activity first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn rooms(&self) -> Result<List<Room>> {
        self.get(ROOMS).await
    }

    /// Public rooms to browse; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn public_rooms(&self, search: Option<&str>) -> Result<List<Room>> {
        self.call(Call::new(Method::GET, format!("{ROOMS}public/")).query("search", search)).await?.json()
    }

    /// Makes a group; the caller owns it.
    ///
    /// # Errors
    /// `validation_failed`, `contact_refused`, `too_many_requests`.
    pub async fn create_room(&self, room: &CreateRoom) -> Result<Room> {
        self.submit(Method::POST, ROOMS, room).await
    }

    /// The one direct room of the caller and this person, made or found.
    ///
    /// # Errors
    /// `direct_messages_refused`, `not_found`, `validation_failed`, `too_many_requests`.
    pub async fn direct_chat(&self, user_id: UserId) -> Result<Made<Room>> {
        let call = Call::new(Method::POST, format!("{ROOMS}direct_chat/")).json(&DirectChat { user_id })?;
        let answer = self.call(call).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// One room.
    ///
    /// # Errors
    /// `not_found`
    pub async fn room(&self, id: RoomId) -> Result<Room> {
        self.get(path(id, "")).await
    }

    /// Edits a group; what is left out stays.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`, `validation_failed`.
    pub async fn update_room(&self, id: RoomId, update: &UpdateRoom) -> Result<Room> {
        self.submit(Method::PATCH, path(id, ""), update).await
    }

    /// Closes a group: it can only be read from then on.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`.
    pub async fn close_room(&self, id: RoomId) -> Result<()> {
        self.tell(Method::DELETE, path(id, "")).await
    }

    /// A page of the room's timeline, oldest to newest, with the revision it shows. `limit`: 1 to 200.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn room_messages(&self, id: RoomId, place: Place, limit: Option<u32>) -> Result<Timeline> {
        let call = Call::new(Method::GET, path(id, "messages/")).query("limit", limit);
        let call = match place {
            Place::Newest => call,
            Place::Before(id) => call.query("before", Some(id)),
            Place::After(id) => call.query("after", Some(id)),
            Place::Around(id) => call.query("around", Some(id)),
            Place::FirstUnread => call.query("around", Some("first_unread")),
        };
        self.call(call).await?.json()
    }

    /// What changed since a revision, in order of revision. `limit`: 1 to 200.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn room_changes(&self, id: RoomId, since: i64, limit: Option<u32>) -> Result<Changes> {
        let call = Call::new(Method::GET, path(id, "changes/"));
        self.call(call.query("since", Some(since)).query("limit", limit)).await?.json()
    }

    /// Joins a public room.
    ///
    /// # Errors
    /// `not_found`, `room_closed`.
    pub async fn join_room(&self, id: RoomId) -> Result<Room> {
        self.call(Call::new(Method::POST, path(id, "join/"))).await?.json()
    }

    /// Leaves a group. An owner hands over to the admin, else the member, who has been there longest.
    ///
    /// # Errors
    /// `direct_room`, `not_a_member`, `not_found`.
    pub async fn leave_room(&self, id: RoomId) -> Result<()> {
        self.tell(Method::POST, path(id, "leave/")).await
    }

    /// Reads all of a room.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn mark_all_read(&self, id: RoomId) -> Result<ReadState> {
        self.call(Call::new(Method::POST, path(id, "mark_all_read/"))).await?.json()
    }

    /// Hides all up to now, for the caller alone.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn clear_history(&self, id: RoomId) -> Result<()> {
        self.tell(Method::POST, path(id, "clear_history/")).await
    }

    /// Changes the caller's choices for a room; what is left out stays.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`, `validation_failed`.
    pub async fn update_preferences(&self, id: RoomId, update: &UpdatePreferences) -> Result<Preferences> {
        self.submit(Method::PATCH, path(id, "preferences/"), update).await
    }
}
