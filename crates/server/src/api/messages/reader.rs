//! Who may read the message of a path.

use axum::extract::FromRequestParts;
use charla_db::{
    queries::{self, access::Access},
    tables::messages,
};
use charla_permissions::Permission;
use charla_protocol::{MessageId, RoomId};
use http::request::Parts;
use serde::Deserialize;

use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
    extract::Path,
};

/// Somebody who may read the message: a member of its room from whom it is not hidden.
#[derive(Debug)]
pub(super) struct MessageReader {
    pub(super) caller: Caller,
    pub(super) access: Access,
    pub(super) row: messages::Model,
}

#[derive(Deserialize)]
struct MessagePath {
    id: MessageId,
}

impl FromRequestParts<App> for MessageReader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Path(MessagePath { id }) = Path::from_request_parts(parts, app).await?;
        let row = queries::messages::find(app.db.read(), id).await?.ok_or_else(Error::not_found)?;
        let room = RoomId(row.room_id);
        let access = queries::access::load(app.db.read(), room, caller.id(), caller.user.is_staff).await?;
        access.check(Permission::ReadMessages)?;
        if row.seq <= access.hidden_seq() {
            return Err(Error::not_found());
        }
        Ok(Self { caller, access, row })
    }
}
