//! Secrets that the server has to read again, as they lie in the database: whoever has that alone can't.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::tokens::derive_key;
use crate::{
    config::Secret,
    error::{Error, Result},
};

/// Seals with ChaCha20-Poly1305, under a key made of `SECRET_KEY`.
pub struct Seal {
    current: LessSafeKey,
    previous: Option<LessSafeKey>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// Closes under `secret`, and opens what was closed under the `previous` one besides.
    pub fn new(secret: &Secret, previous: Option<&Secret>) -> Self {
        Self { current: key(secret), previous: previous.map(key) }
    }

    /// A text that opens for the same `owner` alone.
    ///
    /// # Errors
    /// `internal` where there is no randomness to be had.
    pub fn close(&self, owner: &[u8], secret: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        OsRng.try_fill_bytes(&mut nonce).map_err(Error::internal)?;
        let mut sealed = secret.to_vec();
        self.current
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was closed for that owner; none where it was not, or under another key.
    pub fn open(&self, owner: &[u8], text: &str) -> Option<Vec<u8>> {
        let mut keys = std::iter::once(&self.current).chain(&self.previous);
        keys.find_map(|key| open(key, owner, text))
    }

    /// The same closed anew; none where it needs no other key, or does not open at all.
    ///
    /// # Errors
    /// `internal` where there is no randomness to be had.
    pub fn renew(&self, owner: &[u8], text: &str) -> Result<Option<String>> {
        let secret = self.previous.as_ref().and_then(|previous| open(previous, owner, text));
        secret.map(|secret| self.close(owner, &secret)).transpose()
    }
}

fn key(secret: &Secret) -> LessSafeKey {
    let key = derive_key(secret, "charla seal v1");
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).expect("a key of 32 bytes"))
}

fn open(key: &LessSafeKey, owner: &[u8], text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    Some(key.open_in_place(nonce, Aad::from(owner), &mut sealed).ok()?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(byte: u8) -> Seal {
        Seal::new(&Secret(vec![byte; 32]), None)
    }

    #[test]
    fn it_opens_for_its_owner_and_under_its_key_alone() {
        let text = seal(1).close(b"ana", b"the secret").unwrap();
        assert_eq!(seal(1).open(b"ana", &text).unwrap(), b"the secret");
        assert_eq!(seal(1).open(b"bob", &text), None);
        assert_eq!(seal(2).open(b"ana", &text), None);
        let changed = if text.ends_with('A') { "E" } else { "A" };
        assert_eq!(seal(1).open(b"ana", &format!("{}{changed}", &text[..text.len() - 1])), None);
        for nothing in ["", "x", "AAAA", "no base 64"] {
            assert_eq!(seal(1).open(b"ana", nothing), None);
        }
    }

    #[test]
    fn the_same_secret_never_looks_the_same_and_fits_its_column() {
        let close = || seal(1).close(b"ana", &[7; 20]).unwrap();
        assert_ne!(close(), close());
        assert!(close().len() <= 255);
        assert_eq!(format!("{:?}", seal(1)), "Seal(…)");
    }

    #[test]
    fn what_was_closed_under_the_key_before_opens_and_is_closed_anew() {
        let [old, new] = [1, 2].map(|byte| Secret(vec![byte; 32]));
        let rotated = Seal::new(&new, Some(&old));
        let text = seal(1).close(b"ana", b"the secret").unwrap();
        assert_eq!(rotated.open(b"ana", &text).unwrap(), b"the secret");
        let renewed = rotated.renew(b"ana", &text).unwrap().unwrap();
        assert_eq!(seal(2).open(b"ana", &renewed).unwrap(), b"the secret");
        assert_eq!(rotated.renew(b"ana", &renewed).unwrap(), None);
        assert_eq!(rotated.renew(b"bob", &text).unwrap(), None);
    }
}
