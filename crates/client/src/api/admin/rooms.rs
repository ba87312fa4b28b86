//! `/api/v1/admin/rooms/`

use charla_protocol::{
    List, RoomId,
    admin::rooms::{AdminRoom, RoomSort, UpdateAdminRoom},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

const PATH: &str = "/api/v1/admin/rooms/";

impl Client {
    /// Groups, those whose name has the text in it: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`, `validation_failed`.
    pub async fn all_rooms(&self, search: Option<&str>, sort: RoomSort) -> Result<List<AdminRoom>> {
        let call = Call::new(Method::GET, PATH).query("search", search).query("sort", Some(sort.as_str()));
        self.call(call).await?.json()
    }

    /// A group: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn any_room(&self, room: RoomId) -> Result<AdminRoom> {
        self.get(format!("{PATH}{room}/")).await
    }

    /// Changes a group: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `room_closed`, `validation_failed`.
    pub async fn update_any_room(&self, room: RoomId, changes: &UpdateAdminRoom) -> Result<AdminRoom> {
        self.submit(Method::PATCH, format!("{PATH}{room}/"), changes).await
    }

    /// Closes a group: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `room_closed`.
    pub async fn close_any_room(&self, room: RoomId) -> Result<()> {
        self.tell(Method::DELETE, format!("{PATH}{room}/")).await
    }
}
