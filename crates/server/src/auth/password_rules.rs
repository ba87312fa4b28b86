//! What a password must be like.

use super::account_likeness::is_alike;
use crate::error::FieldError;

/// Characters.
pub const MIN_LENGTH: usize = 8;
/// Characters. Past it nothing is gained, and hashing costs.
pub const MAX_LENGTH: usize = 256;

/// Bytes of a name that is compared with the password.
const MAX_NAME: usize = 300;

/// What takes fewer guesses than this, as a power of ten, is common: the tens of thousands that everybody tries first,
/// with their usual disguises, sequences, repeats and keyboard walks. The estimate is zxcvbn's
/// (<https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/wheeler>).
const COMMON_BELOW: f64 = 5.0;

/// What is wrong with a password for the account of that username and e-mail address; nothing if it is good.
/// `field` is the name the errors carry.
pub fn check(field: &str, password: &str, username: &str, email: Option<&str>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let length = password.chars().count();
    if length < MIN_LENGTH {
        errors.push(FieldError::new(field, "too_short").with("min", MIN_LENGTH));
    }
    if length > MAX_LENGTH {
        // The other rules are not worth their time on what may be a megabyte.
        return vec![FieldError::new(field, "too_long").with("max", MAX_LENGTH)];
    }
    if length >= MIN_LENGTH && zxcvbn::zxcvbn(password, &[]).guesses_log10() < COMMON_BELOW {
        errors.push(FieldError::new(field, "password_common"));
    }
    // Names are checked elsewhere; what is longer than any may be is not worth comparing.
    let email = email.filter(|email| email.len() <= MAX_NAME);
    let username = if username.len() <= MAX_NAME { username } else { "" };
    if is_alike(password, username) || email.is_some_and(|email| is_alike(password, email)) {
        errors.push(FieldError::new(field, "password_similar"));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(password: &str) -> Vec<&'static str> {
        check("password", password, "maria.lopez", Some("mlopez@correo.example"))
            .iter()
            .map(|error| error.reason)
            .collect()
    }

    #[test]
    fn the_rules() {
        let long = "x1".repeat(129);
        let rows: [(&str, &[&str]); 18] = [
            ("correct horse battery", &[]),
            ("Ñandú-8-ü", &[]),
            ("short7!", &["too_short"]),
            ("", &["too_short"]),
            ("ñññññññ", &["too_short"]),
            (&long, &["too_long"]),
            ("password", &["password_common"]),
            ("PassWord123", &["password_common"]),
            ("12345678", &["password_common"]),
            ("qwertyuiop", &["password_common"]),
            ("P@ssw0rd", &["password_common"]),
            ("abcdefgh", &["password_common"]),
            ("aaaaaaaa", &["password_common"]),
            ("iloveyou1", &["password_common"]),
            ("maria.lopez", &["password_similar"]),
            ("xxMARIA.LOPEZxx", &["password_similar"]),
            ("maria_lopez", &["password_similar"]),
            ("mlopez@correo", &["password_similar"]),
        ];
        for (password, expected) in rows {
            assert_eq!(reasons(password), expected, "{password}");
        }
    }

    #[test]
    fn the_longest_allowed_is_allowed() {
        let text: String = (1..200).map(|n| format!("{} ", n * n * 37 % 1009)).collect();
        assert_eq!(check("password", &text[..MAX_LENGTH], "maria", None), []);
    }
}
