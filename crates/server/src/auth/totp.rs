//! One-time codes of authenticators: TOTP (RFC 6238) with what all of them take, HMAC-SHA-1, six digits and steps of 30 s.

use charla_protocol::Timestamp;
use hmac::{Hmac, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{TryRngCore, rngs::OsRng};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, 4).
pub const SECRET: usize = 20;
/// Seconds that a code is shown.
pub const STEP: i64 = 30;
/// Steps that an authenticator's clock may be ahead or behind.
const WINDOW: i64 = 1;
const DIGITS: usize = 6;
/// RFC 4648, 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
///
/// # Errors
/// Those of the source of randomness.
pub fn secret() -> anyhow::Result<[u8; SECRET]> {
    let mut secret = [0; SECRET];
    OsRng.try_fill_bytes(&mut secret)?;
    Ok(secret)
}

/// The step that a time is in.
pub fn step(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP)
}

/// The code of a step, in six digits.
pub fn code(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xf);
    let word = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", u32::from_be_bytes(word) % 1_000_000)
}

/// The step that a code is of, if it is one that is shown about now and later than `last`: each code is good once.
pub fn find_step(secret: &[u8], typed: &str, last: i64, now: Timestamp) -> Option<i64> {
    let now = step(now);
    let is_right = |step: i64| bool::from(code(secret, step).as_bytes().ct_eq(typed.as_bytes()));
    (now - WINDOW..=now + WINDOW).filter(|step| *step > last).find(|step| is_right(*step))
}

/// Whether a text has the form of a code.
pub fn is_code(typed: &str) -> bool {
    typed.len() == DIGITS && typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// What authenticators read: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let [issuer, account] = [issuer, account].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
    let secret = base32(secret);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// Bytes as letters and digits that are not taken for each other, without padding.
pub fn base32(bytes: &[u8]) -> String {
    let digit = |place: usize| {
        let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
        (place * 5..place * 5 + 5).fold(0, |digit, at| digit << 1 | usize::from(bit(at)))
    };
    (0..(bytes.len() * 8).div_ceil(5)).map(|place| char::from(BASE32[digit(place)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    /// RFC 6238, appendix B; of its eight digits the last six.
    #[test]
    fn the_codes_of_the_standard() {
        let rows = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(code(RFC, step(at(seconds))), expected);
        }
    }

    #[test]
    fn a_code_is_good_a_step_early_and_late_and_once() {
        let now = at(1_111_111_111);
        let step = step(now);
        for near in step - 1..=step + 1 {
            assert_eq!(find_step(RFC, &code(RFC, near), 0, now), Some(near));
        }
        for (typed, last) in [
            (code(RFC, step - 2), 0),
            (code(RFC, step + 2), 0),
            (code(RFC, step), step),
            (code(RFC, step - 1), step),
            (String::new(), 0),
            ("05047".to_owned(), 0),
        ] {
            assert_eq!(find_step(RFC, &typed, last, now), None, "{typed:?} after {last}");
        }
        assert_eq!(find_step(RFC, &code(RFC, step + 1), step, now), Some(step + 1));
    }

    /// RFC 4648, 10.
    #[test]
    fn base32_is_that_of_the_standard() {
        let rows = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ];
        for (bytes, expected) in rows {
            assert_eq!(base32(bytes.as_bytes()), expected);
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn names_are_quoted_in_the_address() {
        let uri = uri("chat.example.org", "josé@a&b", RFC);
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let name = "chat%2Eexample%2Eorg";
        assert_eq!(uri, format!("otpauth://totp/{name}:jos%C3%A9%40a%26b?secret={secret}&issuer={name}"));
    }
}
