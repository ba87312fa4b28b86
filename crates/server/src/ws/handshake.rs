//! The two doors: everything is checked before the upgrade, so that a refusal is an ordinary answer.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRequestParts, State},
    response::Response,
    routing::get,
};
use charla_db::queries;
use charla_permissions::Permission;
use charla_protocol::{ErrorCode, RoomId};
use http::{HeaderMap, header, request::Parts};

use super::{
    connection,
    hub::{Connection, Door},
    outbox::Outbox,
    socket::{Opened, Upgrade},
};
use crate::{
    App,
    auth::{
        Caller, ClientInfo, Credential, CredentialKind, RequestLanguage, credentials, origin::check_origin,
        scopes, via,
    },
    error::{Error, Result},
    extract::Path,
    middleware::RequestId,
};

/// Live sockets of one account on a node at most: many windows on many devices.
const MAX_SOCKETS: usize = 100;
/// Seconds after which to try again past that.
const RETRY_S: u64 = 30;
/// The subprotocol of browsers on another origin; the token follows in a second one.
const SUBPROTOCOL: &str = "charla.v1";
const BEARER_PREFIX: &str = "bearer.";

/// Routes of both doors.
pub fn router() -> Router<App> {
    Router::new().route("/ws/", get(account_door)).route("/ws/chat/{room_id}/", get(room_door))
}

/// A handshake of somebody who may come in.
struct Handshake {
    upgrade: Upgrade,
    caller: Caller,
    language: RequestLanguage,
    id: Option<RequestId>,
}

impl FromRequestParts<App> for Handshake {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let client = ClientInfo::from_request_parts(parts, app).await?;
        check_origin(&app.config, &parts.headers, &client)?;
        let token = token(&parts.headers).ok_or_else(|| Error::new(ErrorCode::NotAuthenticated))?;
        let caller = Caller { via: via(parts), ..caller(app, &token).await? };
        scopes::check_request(caller.scopes.as_deref(), parts)?;
        if let Some(demand) = app.demand(&caller.user) {
            return Err(Error::new(demand));
        }
        let language = parts.extensions.get::<RequestLanguage>().cloned();
        let language = language.unwrap_or_else(|| RequestLanguage::of(&parts.headers));
        language.set_account(caller.user.language());
        if app.config.rate_limits && app.hub.sockets_of(caller.id()) >= MAX_SOCKETS {
            return Err(Error::too_many(RETRY_S));
        }
        let upgrade = Upgrade::of(parts, SUBPROTOCOL, app.config.websocket_compression)
            .ok_or_else(|| Error::new(ErrorCode::UpgradeRequired))?;
        Ok(Self { upgrade, caller, language, id: parts.extensions.get().copied() })
    }
}

/// Who comes with the access token. Sockets are looked up together.
async fn caller(app: &App, token: &str) -> Result<Caller> {
    let now = app.clock.now();
    let credential = Credential::read(&app.tokens, token, now)?;
    let session = app.arrivals.session(credential.session()).await;
    credential.admit(session.ok_or_else(|| Error::new(ErrorCode::Unavailable))?, now)
}

/// The access token: of the header where there is one, else of the subprotocol, else of the cookie.
fn token(headers: &HeaderMap) -> Option<String> {
    let ordinary = credentials(headers);
    if let Some((token, CredentialKind::Header)) = ordinary {
        return Some(token);
    }
    let offered =
        headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let bearer =
        offered.flat_map(|value| value.split(',')).find_map(|name| name.trim().strip_prefix(BEARER_PREFIX));
    bearer.map(ToOwned::to_owned).or_else(|| ordinary.map(|(token, _)| token))
}

async fn account_door(State(app): State<App>, handshake: Handshake) -> Response {
    accept(app, handshake, Door::Account)
}

async fn room_door(
    State(app): State<App>,
    Path(room_id): Path<RoomId>,
    handshake: Handshake,
) -> Result<Response> {
    let caller = &handshake.caller;
    let _turn = app.hub.turn_to_come_in().await;
    let access = queries::access::load(app.db.read(), room_id, caller.id(), caller.user.is_staff).await?;
    access.check(Permission::ReadMessages)?;
    Ok(accept(app, handshake, Door::Room(room_id)))
}

fn accept(app: App, handshake: Handshake, door: Door) -> Response {
    let Handshake { upgrade, caller, language, id } = handshake;
    upgrade.accept(move |Opened { line, decoder, is_compressing }| {
        let outbox = Outbox::new(line, is_compressing, door.room(), app.hub.meter.clone());
        let connection = Connection::new(&caller, language.get(), door, outbox, app.clock.ticks());
        connection::run(app, Arc::new(connection), decoder, id)
    })
}
