//! What opens a session: an access token that the server has signed, or a bot's token, of which it keeps a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use charla_db::{
    queries::audit::Via,
    tables::{sessions, users},
};
use charla_protocol::{ErrorCode, SessionId, Timestamp, bots::Scope};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Caller, Claims, TokenKind, Tokens, admit, one_time};
use crate::error::{Error, Result};

/// What a bot's token begins with: by it one is recognised where it should not be.
const PREFIX: &str = "charla_bot_";

/// What a token says before its session is looked at.
#[derive(Clone, Debug)]
pub enum Credential {
    Signed(Claims),
    Bot { session: SessionId, hash: String },
}

impl Credential {
    /// Reads the token of a request.
    ///
    /// # Errors
    /// `invalid_token`
    pub fn read(tokens: &Tokens, token: &str, now: Timestamp) -> Result<Self> {
        let Some(rest) = token.strip_prefix(PREFIX) else {
            return Ok(Self::Signed(tokens.check(token, TokenKind::Access, now)?));
        };
        let id = rest.split_once('.').and_then(|(id, _)| URL_SAFE_NO_PAD.decode(id).ok());
        let id = id.and_then(|id| Uuid::from_slice(&id).ok()).ok_or_else(invalid)?;
        Ok(Self::Bot { session: SessionId(id), hash: one_time::hash(token) })
    }

    /// The session that is to be looked up.
    pub const fn session(&self) -> SessionId {
        match self {
            Self::Signed(claims) => claims.sid,
            Self::Bot { session, .. } => *session,
        }
    }

    /// Who calls, by the session that was found.
    ///
    /// # Errors
    /// `invalid_token`, `session_ended`, `account_disabled`, `banned`.
    pub fn admit(&self, found: Option<(sessions::Model, users::Model)>, now: Timestamp) -> Result<Caller> {
        match self {
            Self::Signed(claims) => Ok(self.caller(admit(claims.sub, found, now)?, None)),
            Self::Bot { hash, .. } => {
                let (session, user) = found.ok_or_else(invalid)?;
                let kept = session.token_hash.as_deref().unwrap_or_default();
                if !bool::from(kept.as_bytes().ct_eq(hash.as_bytes())) {
                    return Err(invalid());
                }
                let scopes = session.scopes();
                Ok(self.caller(admit(user.user_id(), Some((session, user)), now)?, Some(scopes)))
            }
        }
    }

    fn caller(&self, user: users::Model, scopes: Option<Vec<Scope>>) -> Caller {
        Caller { user, session: self.session(), via: Via::default(), scopes }
    }
}

fn invalid() -> Error {
    Error::new(ErrorCode::InvalidToken)
}

/// A new token for a session, and what is kept of it.
///
/// # Errors
/// Those of the source of randomness.
pub fn bot_token(session: SessionId) -> anyhow::Result<(String, String)> {
    let token = format!("{PREFIX}{}.{}", URL_SAFE_NO_PAD.encode(session.0), one_time::fresh()?);
    let hash = one_time::hash(&token);
    Ok((token, hash))
}
