//! Keys under which names are unique or found, whatever their case and form.

use unicode_normalization::UnicodeNormalization;

/// NFKC without regard to case: the key under which a username is unique.
pub fn name_key(name: &str) -> String {
    // Through upper case first: ß and SS, ς and Σ are the same letters.
    name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

/// Without regard to case and accents: the key under which a name is searched.
pub fn search_key(text: &str) -> String {
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Lower case: the key under which an e-mail address is unique.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_share_a_key() {
        assert_eq!(name_key("Ａna"), name_key("ana"));
        assert_eq!(name_key("ANA"), "ana");
        assert_eq!(name_key("οδος"), name_key("ΟΔΟΣ"));
        assert_eq!(name_key("José"), name_key("JOSE\u{301}"));
        assert_ne!(name_key("José"), name_key("Jose"));
    }

    #[test]
    fn search_forgets_accents() {
        assert_eq!(search_key("José Ñandú"), "jose nandu");
    }
}
