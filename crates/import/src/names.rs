//! Usernames that are allowed and free.

use std::collections::HashSet;

use charla_db::{
    Connection, fold,
    queries::{self, users::Names},
};
use charla_server::ops::accounts::fields;
use unicode_normalization::UnicodeNormalization;

const MIN: usize = 3;
/// Characters of a username that leave a place for a number.
const MAX: usize = 56;

/// Names that this import has given, which may not be in the database yet.
#[derive(Debug, Default)]
pub(crate) struct Given {
    usernames: HashSet<String>,
    emails: HashSet<String>,
}

impl Given {
    /// Whether somebody has the username, or has it as an e-mail address.
    async fn is_username_taken(&self, db: &impl Connection, name: &str) -> charla_db::Result<bool> {
        let (as_name, as_email) = (fold::name_key(name), fold::email_key(name));
        if self.usernames.contains(&as_name)
            || self.emails.contains(&as_email)
            || self.emails.contains(&as_name)
        {
            return Ok(true);
        }
        let names = Names { username: Some(name), email: None };
        Ok(queries::users::taken(db, names, None).await?.username)
    }

    /// Whether somebody has the e-mail address, or has it as a username.
    async fn is_email_taken(&self, db: &impl Connection, email: &str, own: &str) -> charla_db::Result<bool> {
        let as_name = fold::name_key(email);
        let is_anothers_name = as_name != fold::name_key(own) && self.usernames.contains(&as_name);
        if is_anothers_name || self.emails.contains(&fold::email_key(email)) {
            return Ok(true);
        }
        let names = Names { username: None, email: Some(email) };
        Ok(queries::users::taken(db, names, None).await?.email)
    }

    /// A username as like the wanted one as it can be: what may not stand in one becomes `_`, and what is taken gets a number.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn username(&mut self, db: &impl Connection, wanted: &str) -> charla_db::Result<String> {
        let base = allowed(wanted);
        let mut name = base.clone();
        let mut number = 2;
        while self.is_username_taken(db, &name).await? {
            name = format!("{base}-{number}");
            number += 1;
        }
        self.usernames.insert(fold::name_key(&name));
        Ok(name)
    }

    /// The e-mail address, if it is one that nobody has. Who has the username may have it as their address too.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn email(
        &mut self,
        db: &impl Connection,
        wanted: &str,
        username: &str,
    ) -> charla_db::Result<Result<String, &'static str>> {
        let Ok(email) = fields::email(wanted) else { return Ok(Err("is none")) };
        if self.is_email_taken(db, &email, username).await? {
            return Ok(Err("is taken"));
        }
        self.emails.insert(fold::email_key(&email));
        Ok(Ok(email))
    }
}

/// The nearest name that is allowed.
fn allowed(wanted: &str) -> String {
    if let Ok(name) = fields::username(wanted) {
        return name;
    }
    let is_allowed = |c: char| fields::username(&format!("aa{c}")).is_ok();
    let mut name: String =
        wanted.trim().nfkc().map(|c| if is_allowed(c) { c } else { '_' }).take(MAX).collect();
    while name.chars().count() < MIN || name.eq_ignore_ascii_case("room") {
        name.push('_');
    }
    // What still is none is only too long once it is folded.
    fields::username(&name).unwrap_or_else(|_| "someone".to_owned())
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn the_nearest_name_that_is_allowed() {
        let long = "x".repeat(100);
        for (wanted, expected) in [
            ("ana", "ana"),
            ("Ana López", "Ana_López"),
            ("an", "an_"),
            ("", "___"),
            ("room", "room_"),
            ("Room", "Room_"),
            ("a/b\0c", "a_b_c"),
            ("😀😀😀😀", "____"),
            (&long, &long[..56]),
            (&"\u{FDFA}".repeat(64), "someone"),
        ] {
            let name = allowed(wanted);
            assert!(charla_server::ops::accounts::fields::username(&name).is_ok(), "{wanted:?}: {name}");
            if expected != "someone" {
                assert_eq!(name, expected, "{wanted:?}");
            }
        }
    }
}
