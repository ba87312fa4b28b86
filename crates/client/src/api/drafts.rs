//! `/api/v1/chat/rooms/{id}/draft/` and `/api/v1/chat/drafts/`

use charla_protocol::{
    List, RoomId,
    drafts::{Draft, PutDraft},
};
use reqwest::Method;

use crate::{Client, Result};

fn path(room: RoomId) -> String {
    format!("/api/v1/chat/rooms/{room}/draft/")
}

impl Client {
    /// The caller's drafts in all rooms, the latest first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn drafts(&self) -> Result<List<Draft>> {
        self.get("/api/v1/chat/drafts/").await
    }

    /// What the caller has typed in the room and not sent; empty where that is nothing.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn draft(&self, room: RoomId) -> Result<Draft> {
        self.get(path(room)).await
    }

    /// Keeps a draft in the place of the one before.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`, `room_closed`, `validation_failed`.
    pub async fn put_draft(&self, room: RoomId, draft: &PutDraft) -> Result<Draft> {
        self.submit(Method::PUT, path(room), draft).await
    }

    /// Deletes the draft, where there is one.
    ///
    /// # Errors
    /// `not_a_member`, `not_found`.
    pub async fn delete_draft(&self, room: RoomId) -> Result<()> {
        self.tell(Method::DELETE, path(room)).await
    }
}
