//! Access and refresh tokens: JWTs signed with HS256, each kind with a key of its own.

use charla_protocol::{ErrorCode, SessionId, Timestamp, UserId};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    config::Secret,
    error::{Error, Result},
};

/// Seconds that an access token is good for.
pub const ACCESS_LIFETIME: i64 = 15 * 60;
/// Seconds that a refresh token is good for.
pub const REFRESH_LIFETIME: i64 = 30 * 24 * 60 * 60;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    Access,
    Refresh,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: UserId,
    /// The session.
    pub sid: SessionId,
    pub typ: TokenKind,
    /// The token itself. Of a session's refresh tokens only the newest is good.
    pub jti: Uuid,
    /// Seconds since the Unix epoch.
    pub iat: i64,
    /// Seconds since the Unix epoch.
    pub exp: i64,
}

/// Both tokens of a session, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPair {
    pub access: String,
    pub refresh: String,
}

/// Signs and checks tokens.
pub struct Tokens {
    current: Keys,
    previous: Option<Keys>,
    validation: Validation,
}

struct Keys {
    access: Key,
    refresh: Key,
}

struct Key {
    sign: EncodingKey,
    check: DecodingKey,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// Signs with `secret`, and takes what the `previous` one has signed besides.
    pub fn new(secret: &Secret, previous: Option<&Secret>) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would ask the machine's clock; `check` asks ours.
        validation.validate_exp = false;
        Self { current: Keys::derive(secret), previous: previous.map(Keys::derive), validation }
    }

    /// Signs both tokens of a session. `refresh_id` is the id that its refresh token carries, `access_id` that of the other.
    ///
    /// # Errors
    /// `internal` where signing fails.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        refresh_id: Uuid,
        access_id: Uuid,
        now: Timestamp,
    ) -> Result<TokenPair> {
        let iat = now.seconds();
        let claims =
            |typ, jti, lifetime| Claims { sub: user, sid: session, typ, jti, iat, exp: iat + lifetime };
        Ok(TokenPair {
            access: self.current.access.sign(&claims(TokenKind::Access, access_id, ACCESS_LIFETIME))?,
            refresh: self.current.refresh.sign(&claims(TokenKind::Refresh, refresh_id, REFRESH_LIFETIME))?,
        })
    }

    /// What a token says, if it is ours, of that kind, and not expired.
    ///
    /// # Errors
    /// `invalid_token`
    pub fn check(&self, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims> {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        let mut decoded = keys.map(|keys| {
            jsonwebtoken::decode::<Claims>(token, &keys.of(kind).check, &self.validation)
                .map(|token| token.claims)
        });
        let claims = decoded.find_map(Result::ok);
        claims
            .filter(|claims| claims.typ == kind && claims.exp > now.seconds())
            .ok_or_else(|| Error::new(ErrorCode::InvalidToken))
    }
}

impl Keys {
    fn derive(secret: &Secret) -> Self {
        Self {
            access: Key::derive(secret, "charla access token v1"),
            refresh: Key::derive(secret, "charla refresh token v1"),
        }
    }

    fn of(&self, kind: TokenKind) -> &Key {
        match kind {
            TokenKind::Access => &self.access,
            TokenKind::Refresh => &self.refresh,
        }
    }
}

impl Key {
    /// HMAC of the purpose, as the expand step of HKDF does it: keys of one purpose say nothing about another's.
    fn derive(secret: &Secret, purpose: &str) -> Self {
        let key = derive_key(secret, purpose);
        Self { sign: EncodingKey::from_secret(&key), check: DecodingKey::from_secret(&key) }
    }

    fn sign(&self, claims: &Claims) -> Result<String> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.sign).map_err(Error::internal)
    }
}

pub(crate) fn derive_key(secret: &Secret, purpose: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[1]);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn tokens(secret: &str) -> Tokens {
        Tokens::new(&Secret(secret.as_bytes().to_vec()), None)
    }

    fn issue(tokens: &Tokens) -> TokenPair {
        let [user, session, refresh, access] = [1, 2, 3, 4].map(Uuid::from_u128);
        tokens.issue(UserId(user), SessionId(session), refresh, access, NOW).unwrap()
    }

    fn code(result: Result<Claims>) -> ErrorCode {
        result.unwrap_err().code
    }

    #[test]
    fn a_token_says_what_was_signed() {
        let tokens = tokens("one");
        let pair = issue(&tokens);
        let access = tokens.check(&pair.access, TokenKind::Access, NOW).unwrap();
        assert_eq!(access.sub.0.as_u128(), 1);
        assert_eq!(access.sid.0.as_u128(), 2);
        assert_eq!(access.exp - access.iat, 900);
        let refresh = tokens.check(&pair.refresh, TokenKind::Refresh, NOW).unwrap();
        assert_eq!(refresh.jti.as_u128(), 3);
        assert_eq!(refresh.exp - refresh.iat, 2_592_000);
    }

    #[test]
    fn one_kind_does_not_pass_for_the_other() {
        let tokens = tokens("one");
        let pair = issue(&tokens);
        assert_eq!(code(tokens.check(&pair.refresh, TokenKind::Access, NOW)), ErrorCode::InvalidToken);
        assert_eq!(code(tokens.check(&pair.access, TokenKind::Refresh, NOW)), ErrorCode::InvalidToken);
    }

    #[test]
    fn a_wrong_typ_is_refused_even_under_the_right_key() {
        let tokens = tokens("one");
        let mut claims = tokens.check(&issue(&tokens).access, TokenKind::Access, NOW).unwrap();
        claims.typ = TokenKind::Refresh;
        let token = tokens.current.access.sign(&claims).unwrap();
        assert_eq!(code(tokens.check(&token, TokenKind::Access, NOW)), ErrorCode::InvalidToken);
    }

    #[test]
    fn a_token_expires_by_the_clock_it_is_given() {
        let tokens = tokens("one");
        let pair = issue(&tokens);
        let at = |seconds| NOW.plus_millis(seconds * 1000);
        assert!(tokens.check(&pair.access, TokenKind::Access, at(ACCESS_LIFETIME - 1)).is_ok());
        assert!(tokens.check(&pair.access, TokenKind::Access, at(ACCESS_LIFETIME)).is_err());
        assert!(tokens.check(&pair.refresh, TokenKind::Refresh, at(REFRESH_LIFETIME - 1)).is_ok());
        assert!(tokens.check(&pair.refresh, TokenKind::Refresh, at(REFRESH_LIFETIME)).is_err());
    }

    #[test]
    fn tampered_tokens_are_refused() {
        let tokens = tokens("one");
        let good = issue(&tokens).access;
        let parts: Vec<&str> = good.split('.').collect();
        let header = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let changed = URL_SAFE_NO_PAD.encode(claims.replace("0001\"", "0009\""));
        assert_ne!(changed, parts[1]);
        let rows = [
            String::new(),
            "no token".to_owned(),
            format!("{}.{}.", header(r#"{"alg":"none","typ":"JWT"}"#), parts[1]),
            format!("{}.{}.{}", header(r#"{"alg":"none"}"#), parts[1], parts[2]),
            format!("{}.{}.{}", header(r#"{"alg":"HS512"}"#), parts[1], parts[2]),
            format!("{}.{changed}.{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{good}x"),
            issue(&self::tokens("other")).access,
            hs512(&tokens, &good),
        ];
        for token in rows {
            assert_eq!(
                code(tokens.check(&token, TokenKind::Access, NOW)),
                ErrorCode::InvalidToken,
                "{token}"
            );
        }
    }

    /// The same claims, rightly signed with our key, but by another algorithm.
    fn hs512(tokens: &Tokens, good: &str) -> String {
        let claims = tokens.check(good, TokenKind::Access, NOW).unwrap();
        jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims, &tokens.current.access.sign).unwrap()
    }

    #[test]
    fn nothing_of_the_key_is_printed() {
        assert_eq!(format!("{:?}", tokens("one")), "Tokens(…)");
    }

    #[test]
    fn what_the_key_before_has_signed_is_good_and_signed_anew_by_the_key_of_today() {
        let (old, new) = (Secret(b"old".to_vec()), Secret(b"new".to_vec()));
        let pair = issue(&Tokens::new(&old, None));
        let rotated = Tokens::new(&new, Some(&old));
        for (token, kind) in [(&pair.access, TokenKind::Access), (&pair.refresh, TokenKind::Refresh)] {
            assert_eq!(rotated.check(token, kind, NOW).unwrap().typ, kind);
            assert!(Tokens::new(&new, None).check(token, kind, NOW).is_err());
        }
        assert!(
            rotated.check(&pair.access, TokenKind::Refresh, NOW).is_err(),
            "each kind has a key of its own"
        );
        let renewed = issue(&rotated);
        assert!(Tokens::new(&new, None).check(&renewed.refresh, TokenKind::Refresh, NOW).is_ok());
    }
}
