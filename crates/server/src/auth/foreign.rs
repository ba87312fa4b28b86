//! Passwords as Django has hashed them, in accounts that were imported. They are accepted once: the sign-in that does so hashes
//! the password anew.
//!
//! A hash says itself what it costs, so there are bounds to what it may ask for.

use argon2::{
    Argon2, Params,
    password_hash::{PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Iterations of PBKDF2: Django 5.2 asks for a million, and for more with each version.
const MAX_ITERATIONS: u32 = 4_000_000;
/// The logarithm of bcrypt's rounds; Django has 12.
const MAX_BCRYPT_COST: u32 = 14;
/// Blocks of 128 bytes that scrypt holds in memory, and what that comes to with its lanes; Django has 2^17 and 5 lanes.
const MAX_SCRYPT_BLOCKS: u64 = 1 << 20;
const MAX_SCRYPT_WORK: u64 = 1 << 22;
/// KiB of Argon2, and what that comes to with its passes; Django has 100 MiB and two passes.
const MAX_ARGON2_MEMORY: u32 = 256 * 1024;
const MAX_ARGON2_WORK: u64 = 1024 * 1024;
/// Bytes of a key that is compared.
const KEY: std::ops::RangeInclusive<usize> = 16..=64;

/// A hash that can be checked here.
#[derive(Debug)]
enum Foreign<'a> {
    Sha256 {
        iterations: u32,
        salt: &'a str,
        key: Vec<u8>,
    },
    Sha1 {
        iterations: u32,
        salt: &'a str,
        key: Vec<u8>,
    },
    /// A PHC string.
    Argon2(String),
    /// Of the password's SHA-256 in hexadecimal, or of the password itself.
    Bcrypt {
        hash: &'a str,
        of_digest: bool,
    },
    Scrypt {
        params: scrypt::Params,
        salt: &'a str,
        key: Vec<u8>,
    },
}

/// Whether a password can be checked against this hash: its kind is known, and it asks for no more than is allowed.
pub fn accepts(hash: &str) -> bool {
    parse(hash).is_some()
}

/// Whether it is the password. A hash that is not accepted is nobody's.
pub(super) fn verify(password: &str, hash: &str) -> bool {
    let password = password.as_bytes();
    match parse(hash) {
        Some(Foreign::Sha256 { iterations, salt, key }) => {
            is_key(&key, |out| pbkdf2::pbkdf2_hmac::<Sha256>(password, salt.as_bytes(), iterations, out))
        }
        Some(Foreign::Sha1 { iterations, salt, key }) => {
            is_key(&key, |out| pbkdf2::pbkdf2_hmac::<Sha1>(password, salt.as_bytes(), iterations, out))
        }
        Some(Foreign::Scrypt { params, salt, key }) => {
            let mut made = vec![0; key.len()];
            scrypt::scrypt(password, salt.as_bytes(), &params, &mut made).is_ok() && made.ct_eq(&key).into()
        }
        Some(Foreign::Argon2(phc)) => PasswordHash::new(&phc)
            .is_ok_and(|parsed| Argon2::default().verify_password(password, &parsed).is_ok()),
        Some(Foreign::Bcrypt { hash, of_digest: true }) => {
            bcrypt::verify(hex::encode(Sha256::digest(password)), hash).unwrap_or(false)
        }
        Some(Foreign::Bcrypt { hash, of_digest: false }) => bcrypt::verify(password, hash).unwrap_or(false),
        None => false,
    }
}

fn is_key(key: &[u8], derive: impl FnOnce(&mut [u8])) -> bool {
    let mut made = vec![0; key.len()];
    derive(&mut made);
    made.ct_eq(key).into()
}

fn parse(hash: &str) -> Option<Foreign<'_>> {
    let (kind, rest) = hash.split_once('$')?;
    match kind {
        "pbkdf2_sha256" => {
            let (iterations, salt, key) = pbkdf2(rest)?;
            Some(Foreign::Sha256 { iterations, salt, key })
        }
        "pbkdf2_sha1" => {
            let (iterations, salt, key) = pbkdf2(rest)?;
            Some(Foreign::Sha1 { iterations, salt, key })
        }
        "argon2" => argon2(rest),
        "bcrypt_sha256" => bcrypt(rest, true),
        "bcrypt" => bcrypt(rest, false),
        "scrypt" => scrypt(rest),
        _ => None,
    }
}

/// `iterations$salt$key`
fn pbkdf2(rest: &str) -> Option<(u32, &str, Vec<u8>)> {
    let [iterations, salt, key] = parts(rest)?;
    let iterations = iterations.parse().ok().filter(|count| (1..=MAX_ITERATIONS).contains(count))?;
    Some((iterations, salt, decoded(key)?))
}

/// A PHC string without its first sign.
fn argon2(rest: &str) -> Option<Foreign<'_>> {
    let phc = format!("${rest}");
    let params = Params::try_from(&PasswordHash::new(&phc).ok()?).ok()?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    (params.m_cost() <= MAX_ARGON2_MEMORY && work <= MAX_ARGON2_WORK).then_some(Foreign::Argon2(phc))
}

/// `$2b$cost$salt and key`
fn bcrypt(hash: &str, of_digest: bool) -> Option<Foreign<'_>> {
    let ["", "2a" | "2b" | "2y", cost, rest] = parts(hash)? else { return None };
    let cost: u32 = cost.parse().ok()?;
    (cost <= MAX_BCRYPT_COST && rest.len() == 53).then_some(Foreign::Bcrypt { hash, of_digest })
}

/// `N$salt$r$p$key`
fn scrypt(rest: &str) -> Option<Foreign<'_>> {
    let [rounds, salt, block, lanes, key] = parts(rest)?;
    let (rounds, block, lanes): (u64, u32, u32) =
        (rounds.parse().ok()?, block.parse().ok()?, lanes.parse().ok()?);
    let blocks = rounds.checked_mul(block.into())?;
    let is_bounded = rounds.is_power_of_two()
        && blocks <= MAX_SCRYPT_BLOCKS
        && blocks.checked_mul(lanes.into())? <= MAX_SCRYPT_WORK;
    if !is_bounded {
        return None;
    }
    let key = decoded(key)?;
    let params = scrypt::Params::new(u8::try_from(rounds.ilog2()).ok()?, block, lanes, key.len()).ok()?;
    Some(Foreign::Scrypt { params, salt, key })
}

fn parts<const N: usize>(text: &str) -> Option<[&str; N]> {
    text.split('$').collect::<Vec<_>>().try_into().ok()
}

fn decoded(key: &str) -> Option<Vec<u8>> {
    STANDARD.decode(key).ok().filter(|key| KEY.contains(&key.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse battery";

    /// Made by Django 5.2, at less cost than it asks for by itself.
    const HASHES: [&str; 6] = [
        "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=",
        "pbkdf2_sha1$1000$seasalt$LPTbYn9/9ALjztx0Dtq5V+DLYLg=",
        "scrypt$1024$seasalt$8$2$UTzTzbUTVPSMaTCvuRtVg7073ok4joO2kbVBgPheKrEnHEK/xjMf4YzB/UVLAjESbpr2HD4ztzI/EAcR0jmkyw==",
        "argon2$argon2id$v=19$m=8,t=1,p=1$c2Vhc2FsdHNhbHQ$ZrPAfRYQNFu5dE2tvaet4knUefWFH1yVnxWUOb2Ndk0",
        "bcrypt_sha256$$2b$04$MMEglSvZ27kM8AIYY9fajub60qRaHYrnTmI/Jub3sZFcIuIFfuYSi",
        "bcrypt$$2b$04$mXW6URI1lT8p7xq/QwOXw.w8RIbXoq8rbnPmZaHt8Q.iZvopdNFxe",
    ];

    #[test]
    fn each_kind_knows_its_password() {
        for hash in HASHES {
            assert!(accepts(hash), "{hash}");
            assert!(verify(PASSWORD, hash), "{hash}");
            for wrong in ["correct horse batterx", "", "correct horse battery "] {
                assert!(!verify(wrong, hash), "{hash}");
            }
        }
    }

    #[test]
    fn what_is_damaged_unknown_or_too_dear_is_nobodys() {
        let [sha256, .., bcrypt, _] = HASHES;
        let cut = &sha256[..sha256.len() - 30];
        for hash in [
            "",
            "!Xm3hOZ8u6vTqz",
            "plain",
            "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
            "$argon2id$v=19$m=8,t=1,p=1$c2Vhc2FsdHNhbHQ$ZrPAfRYQNFu5dE2tvaet4knUefWFH1yVnxWUOb2Ndk0",
            cut,
            &sha256.replace("$1000$", "$0$"),
            &sha256.replace("$1000$", "$4000001$"),
            &sha256.replace("$1000$", "$-1$"),
            "pbkdf2_sha256$1000$seasalt$",
            "pbkdf2_sha256$1000$seasalt",
            "argon2$argon2id$v=19$m=1048576,t=1,p=1$c2Vhc2FsdHNhbHQ$ZrPAfRYQNFu5dE2tvaet4knUefWFH1yVnxWUOb2Ndk0",
            "argon2$argon2id$v=19$m=262144,t=9,p=1$c2Vhc2FsdHNhbHQ$ZrPAfRYQNFu5dE2tvaet4knUefWFH1yVnxWUOb2Ndk0",
            &bcrypt.replace("$04$", "$15$"),
            &bcrypt[..bcrypt.len() - 1],
            "scrypt$1023$seasalt$8$2$UTzTzbUTVPSMaTCvuRtVgw==",
            "scrypt$1048576$seasalt$8$1$UTzTzbUTVPSMaTCvuRtVgw==",
            "scrypt$18446744073709551615$seasalt$8$1$UTzTzbUTVPSMaTCvuRtVgw==",
        ] {
            assert!(!accepts(hash), "{hash}");
            assert!(!verify(PASSWORD, hash), "{hash}");
        }
    }
}
