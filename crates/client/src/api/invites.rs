//! `/api/v1/chat/rooms/{id}/invites/`, `/api/v1/chat/invites/{code}/` and `/api/v1/admin/invites/`

use charla_protocol::{
    List, RoomId,
    invites::{CreateInvite, Invite, InvitePreview},
    rooms::Room,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use crate::{Client, Result, http::Call};

const SERVER: &str = "/api/v1/admin/invites/";

fn of_room(room: RoomId) -> String {
    format!("/api/v1/chat/rooms/{room}/invites/")
}

/// The code as a part of a path.
fn part(code: &str) -> String {
    utf8_percent_encode(code, NON_ALPHANUMERIC).to_string()
}

impl Client {
    /// The room's invites, the latest first; the first page.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `direct_room`, `not_a_member`, `not_found`.
    pub async fn invites(&self, room: RoomId) -> Result<List<Invite>> {
        self.get(of_room(room)).await
    }

    /// Makes an invite into a group.
    ///
    /// # Errors
    /// As [`Client::invites`], and `validation_failed`, `too_many_invites`.
    pub async fn create_invite(&self, room: RoomId, invite: &CreateInvite) -> Result<Invite> {
        self.submit(Method::POST, of_room(room), invite).await
    }

    /// Withdraws an invite into a group.
    ///
    /// # Errors
    /// As [`Client::invites`], and `invite_invalid`.
    pub async fn withdraw_invite(&self, room: RoomId, code: &str) -> Result<()> {
        self.tell(Method::DELETE, format!("{}{}/", of_room(room), part(code))).await
    }

    /// What an invite leads to; for anybody who has its code.
    ///
    /// # Errors
    /// `invite_invalid`, `too_many_requests`.
    pub async fn invite_preview(&self, code: &str) -> Result<InvitePreview> {
        let call = Call::new(Method::GET, format!("/api/v1/chat/invites/{}/", part(code))).anonymous();
        self.call(call).await?.json()
    }

    /// Joins the room of an invite.
    ///
    /// # Errors
    /// `invite_invalid`
    pub async fn accept_invite(&self, code: &str) -> Result<Room> {
        let path = format!("/api/v1/chat/invites/{}/accept/", part(code));
        self.call(Call::new(Method::POST, path)).await?.json()
    }

    /// The server's invites, the latest first: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn server_invites(&self) -> Result<List<Invite>> {
        self.get(SERVER).await
    }

    /// Makes an invite by which people make an account: for staff.
    ///
    /// # Errors
    /// `forbidden`, `validation_failed`, `too_many_invites`.
    pub async fn create_server_invite(&self, invite: &CreateInvite) -> Result<Invite> {
        self.submit(Method::POST, SERVER, invite).await
    }

    /// Withdraws an invite of the server: for staff.
    ///
    /// # Errors
    /// `forbidden`, `invite_invalid`.
    pub async fn withdraw_server_invite(&self, code: &str) -> Result<()> {
        self.tell(Method::DELETE, format!("{SERVER}{}/", part(code))).await
    }
}
