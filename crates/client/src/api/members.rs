//! `/api/v1/chat/rooms/{id}/members/`

use charla_protocol::{
    List, RoomId, UserId,
    members::{AddMembers, ChangeRole, Member, Role},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

fn path(room: RoomId) -> String {
    format!("/api/v1/chat/rooms/{room}/members/")
}

impl Client {
    /// The room's members; the first page.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn members(&self, room: RoomId) -> Result<List<Member>> {
        self.get(path(room)).await
    }

    /// Adds people to a group.
    ///
    /// # Errors
    /// `forbidden`, `contact_refused`, `direct_room`, `room_closed`, `validation_failed`.
    pub async fn add_members(&self, room: RoomId, user_ids: Vec<UserId>) -> Result<()> {
        let call = Call::new(Method::POST, path(room)).json(&AddMembers { user_ids })?;
        self.call(call).await.map(drop)
    }

    /// Changes what a member may do. Who makes another the owner becomes admin.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`.
    pub async fn change_role(&self, room: RoomId, user: UserId, role: Role) -> Result<Member> {
        self.submit(Method::PATCH, format!("{}{user}/", path(room)), &ChangeRole { role }).await
    }

    /// Removes a member from a group.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `not_found`.
    pub async fn remove_member(&self, room: RoomId, user: UserId) -> Result<()> {
        self.tell(Method::DELETE, format!("{}{user}/", path(room))).await
    }
}
