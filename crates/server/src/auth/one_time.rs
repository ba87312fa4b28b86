//! Tokens that are good once and known to their holder alone: the server keeps a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// Random bytes of a token.
const BYTES: usize = 32;

/// A new token, of characters that may stand in an address.
///
/// # Errors
/// Those of the source of randomness.
pub fn fresh() -> anyhow::Result<String> {
    random::<BYTES>()
}

/// So many random bytes, as characters that may stand in an address.
///
/// # Errors
/// Those of the source of randomness.
pub fn random<const BYTES: usize>() -> anyhow::Result<String> {
    let mut bytes = [0_u8; BYTES];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a token. So much randomness needs no salt and no slow hash.
pub fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}
