//! What the fields of an account must be like. Each function gives the value to keep, or what is wrong with it.

use charla_db::fold;
use unicode_normalization::UnicodeNormalization;

use crate::{error::FieldError, text};

const MIN_USERNAME: usize = 3;
const MAX_USERNAME: usize = 64;
/// Characters of the key under which a username is unique, as the column has them.
const MAX_USERNAME_KEY: usize = 200;
const MAX_EMAIL: usize = 254;
const MAX_EMAIL_LOCAL: usize = 64;
const MAX_DISPLAY_NAME: usize = 100;
/// Characters of the key under which a display name is searched, as the column has them.
const MAX_DISPLAY_NAME_KEY: usize = 400;
const MAX_BIO: usize = 2000;

pub type Field<T> = Result<T, FieldError>;

/// What `@room` mentions.
const EVERYBODY: &str = "room";

/// A username in NFKC.
pub fn username(input: &str) -> Field<String> {
    const FIELD: &str = "username";
    let too_long = || FieldError::new(FIELD, "too_long").with("max", MAX_USERNAME);
    // NFKC makes 18 characters of one at worst; what is far too long is not worth its time.
    if input.len() > 4 * 4 * MAX_USERNAME {
        return Err(too_long());
    }
    let name: String = input.trim().nfkc().collect();
    let length = name.chars().count();
    if length > MAX_USERNAME || fold::name_key(&name).chars().count() > MAX_USERNAME_KEY {
        return Err(too_long());
    }
    if !name.chars().all(is_username_character) {
        return Err(FieldError::new(FIELD, "username_characters"));
    }
    if length < MIN_USERNAME {
        return Err(FieldError::new(FIELD, "too_short").with("min", MIN_USERNAME));
    }
    if fold::name_key(&name) == EVERYBODY {
        return Err(FieldError::new(FIELD, "reserved"));
    }
    Ok(name)
}

/// Hangul's fillers are letters that nobody sees.
fn is_username_character(c: char) -> bool {
    let is_filler = matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}');
    (c.is_alphanumeric() && !is_filler) || matches!(c, '@' | '.' | '+' | '-' | '_')
}

/// An e-mail address as it was typed, without white space around it.
pub fn email(input: &str) -> Field<String> {
    let email = input.trim();
    let fits = email.chars().count() <= MAX_EMAIL
        && fold::email_key(email).chars().count() <= MAX_EMAIL
        && email.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
    if fits { Ok(email.to_owned()) } else { Err(FieldError::new("email", "invalid_email")) }
}

/// What no address has that people use, and what could end an address in a mail's header.
fn is_local(local: &str) -> bool {
    let is_bad = |c: char| c.is_whitespace() || "@<>()[],;:\"\\".contains(c);
    (1..=MAX_EMAIL_LOCAL).contains(&local.chars().count())
        && !local.contains(is_bad)
        && text::clean_line(local) == local
        && local.split('.').all(|part| !part.is_empty())
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.split('.').all(is_label) && (domain.contains('.') || domain.eq_ignore_ascii_case("localhost"))
}

/// A number in E.164: `+`, then up to 15 digits. Spaces and the like between them go; an empty one is none.
pub fn phone_number(input: &str) -> Field<Option<String>> {
    let number: String = input.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    if number.is_empty() {
        return Ok(None);
    }
    let fits = number.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    });
    if fits { Ok(Some(number)) } else { Err(FieldError::new("phone_number", "invalid_phone")) }
}

/// A name on one line, that can be seen.
pub fn display_name(input: &str) -> Field<String> {
    const FIELD: &str = "display_name";
    let name = text::clean_line(input);
    if text::is_blank(&name) {
        return Err(FieldError::new(FIELD, "blank"));
    }
    if name.chars().count() > MAX_DISPLAY_NAME {
        return Err(FieldError::new(FIELD, "too_long").with("max", MAX_DISPLAY_NAME));
    }
    Ok(name)
}

/// The key under which a display name is searched; cut where folding makes it very much longer.
pub fn display_name_key(name: &str) -> String {
    fold::search_key(name).chars().take(MAX_DISPLAY_NAME_KEY).collect()
}

/// A text of several lines.
pub fn bio(input: &str) -> Field<String> {
    let bio = text::clean(input);
    if bio.chars().count() > MAX_BIO {
        return Err(FieldError::new("bio", "too_long").with("max", MAX_BIO));
    }
    Ok(bio)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason<T>(field: Field<T>) -> Option<&'static str> {
        field.err().map(|error| error.reason)
    }

    #[test]
    fn usernames() {
        let rows = [
            ("ana", Ok("ana")),
            ("María.López+1@x-y_z", Ok("María.López+1@x-y_z")),
            ("Ａｎａ", Ok("Ana")),
            ("jose\u{301}", Ok("jos\u{e9}")),
            ("李小龍", Ok("李小龍")),
            ("  ana  ", Ok("ana")),
            ("٠١٢", Ok("٠١٢")),
            ("an", Err("too_short")),
            ("Room", Err("reserved")),
            ("", Err("too_short")),
            ("ana maria", Err("username_characters")),
            ("ana!", Err("username_characters")),
            ("ana\u{0}", Err("username_characters")),
            ("ana\u{200B}b", Err("username_characters")),
            ("ana\u{202E}b", Err("username_characters")),
            ("\u{200F}ana", Err("username_characters")),
            ("ana\u{2066}", Err("username_characters")),
            ("\u{3164}\u{3164}\u{3164}", Err("username_characters")),
            ("a/b/c", Err("username_characters")),
            ("😀😀😀", Err("username_characters")),
        ];
        for (input, expected) in rows {
            assert_eq!(
                username(input).map_err(|error| error.reason),
                expected.map(str::to_owned),
                "{input:?}"
            );
        }
        assert!(username(&"a".repeat(64)).is_ok());
        assert!(username(&"𐐀".repeat(64)).is_ok());
        assert_eq!(reason(username(&"a".repeat(65))), Some("too_long"));
        assert_eq!(reason(username(&"\u{FDFA}".repeat(64))), Some("too_long"));
        assert_eq!(reason(username(&"a".repeat(1 << 20))), Some("too_long"));
    }

    #[test]
    fn emails() {
        for good in [
            "a@b.co",
            " Ana.Lopez+x@sub.example.org ",
            "ñ@correo.españa",
            "o'hara@example.org",
            "root@localhost",
        ] {
            assert_eq!(email(good).unwrap(), good.trim());
        }
        let long = format!("a@{}.org", "b".repeat(300));
        for bad in [
            "",
            "a",
            "@b.co",
            "a@",
            "a@b",
            "a@.co",
            "a@b.",
            "a@b..co",
            "a@-b.co",
            "a b@c.co",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "a@b@c.co",
            "a\u{0}@b.co",
            "a@b.co\n",
            "a@b\u{0}.co",
            "a\u{202E}@b.co",
            "<a@b.co>",
            "a@b c.co",
            "İ@İ",
            &long,
        ] {
            let fits = email(bad).is_ok();
            assert!(!fits || bad == "a@b.co\n", "{bad:?}");
        }
        assert_eq!(email("a@b.co\n").unwrap(), "a@b.co");
    }

    #[test]
    fn phone_numbers() {
        let rows = [
            ("+34600123456", Some("+34600123456")),
            ("+34 (600) 12-34.56", Some("+34600123456")),
            ("", None),
            ("  ", None),
        ];
        for (input, expected) in rows {
            assert_eq!(phone_number(input).unwrap().as_deref(), expected, "{input:?}");
        }
        for bad in [
            "600123456",
            "+0600123456",
            "+1234",
            "+1234567890123456",
            "+34600x123456",
            "+",
            "+٣٤٦٠٠١٢٣٤٥٦",
            "+34600123456\u{0}",
        ] {
            assert_eq!(reason(phone_number(bad)), Some("invalid_phone"), "{bad:?}");
        }
    }

    #[test]
    fn display_names_and_bios() {
        assert_eq!(display_name(" Ana\u{0}\n López ").unwrap(), "Ana López");
        assert_eq!(reason(display_name(" \u{200B}\u{0} ")), Some("blank"));
        assert_eq!(display_name("\u{200F} Ana\u{202E} L\u{2066}ópez\u{2069} ").unwrap(), "Ana López");
        assert_eq!(reason(display_name("\u{202A}\u{061C}")), Some("blank"));
        assert!(display_name(&"ñ".repeat(100)).is_ok());
        assert_eq!(reason(display_name(&"ñ".repeat(101))), Some("too_long"));
        assert_eq!(display_name_key("José"), "jose");
        assert!(display_name_key(&"\u{FDFA}".repeat(100)).chars().count() <= MAX_DISPLAY_NAME_KEY);
        assert_eq!(bio("a\u{0}\r\nb\t").unwrap(), "a\nb\t");
        assert_eq!(reason(bio(&"x".repeat(2001))), Some("too_long"));
    }
}
