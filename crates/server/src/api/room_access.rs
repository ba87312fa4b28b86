//! Who may do what with the room of a path: a handler's signature shows the authority it needs.

use axum::extract::FromRequestParts;
use charla_db::queries::access::Access;
use charla_permissions::Permission;
use charla_protocol::RoomId;
use http::request::Parts;
use serde::Deserialize;

use crate::{
    App,
    auth::{Caller, call_about},
    error::{Error, Result},
    extract::Path,
};

/// Somebody who can see the room.
#[derive(Debug)]
pub struct RoomViewer {
    pub caller: Caller,
    pub access: Access,
}

/// Somebody who may read the room's messages: a member.
#[derive(Debug)]
pub struct RoomReader {
    pub caller: Caller,
    pub access: Access,
}

#[derive(Deserialize)]
struct RoomPath {
    id: RoomId,
}

async fn load(parts: &mut Parts, app: &App, permission: Permission) -> Result<(Caller, Access)> {
    let Ok(Path(RoomPath { id })) = Path::from_request_parts(parts, app).await else {
        // Who is not signed in learns nothing else.
        Caller::from_request_parts(parts, app).await?;
        return Err(Error::not_found());
    };
    let (caller, access) = call_about(parts, app, id).await?;
    access.check(permission)?;
    Ok((caller, access))
}

impl FromRequestParts<App> for RoomViewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (caller, access) = load(parts, app, Permission::ViewRoom).await?;
        Ok(Self { caller, access })
    }
}

impl FromRequestParts<App> for RoomReader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let (caller, access) = load(parts, app, Permission::ReadMessages).await?;
        Ok(Self { caller, access })
    }
}
