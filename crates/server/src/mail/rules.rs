//! Which mails are written, and to whom.

use charla_db::{
    clock::Clock,
    fold,
    tables::{mails, users},
};
use charla_protocol::users::Language;
use serde::{Deserialize, Serialize};

use crate::config::Config;

/// What a mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A link for a new password: for the account of the address, if there is one.
    Reset,
    /// A link that shows whose the address is.
    Verify,
    SignIn,
    PasswordChanged,
    /// To the address of before.
    EmailChanged,
    TwoFactorOn,
    TwoFactorOff,
}

/// What stands in a mail beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub device: Option<String>,
    pub address: Option<String>,
}

/// Which mails this server writes.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    is_on: bool,
    /// Notices go to addresses alone that are known to be the account's.
    only_verified: bool,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Reset,
        Self::Verify,
        Self::SignIn,
        Self::PasswordChanged,
        Self::EmailChanged,
        Self::TwoFactorOn,
        Self::TwoFactorOff,
    ];

    /// As the queue has it, and the keys of its words with `-` for `_`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
            Self::SignIn => "sign_in",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::TwoFactorOn => "two_factor_on",
            Self::TwoFactorOff => "two_factor_off",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Rules {
    pub fn of(config: &Config) -> Self {
        Self { is_on: config.sends_mail(), only_verified: config.require_verified_email }
    }

    /// Whether mails are sent at all.
    pub fn are_on(self) -> bool {
        self.is_on
    }

    /// Whether the account is of no use before its address is verified. One without an address has nothing to verify.
    pub fn hold(self, user: &users::Model) -> bool {
        self.only_verified && user.is_unverified()
    }

    /// Whether accounts have to verify their addresses.
    pub fn only_verified(self) -> bool {
        self.only_verified
    }

    /// Asks for a link for a new password; whose address it is will be looked up later.
    pub fn reset(self, clock: &dyn Clock, address: &str, language: Language) -> Option<mails::Model> {
        // As its key, so that it is found where the account is deleted; it goes to the address as the account has it.
        let address = fold::email_key(address);
        self.is_on.then(|| queued(clock, Kind::Reset, None, &address, &Facts::default(), language))
    }

    /// A link to verify the address of an account in use, unless that is done.
    pub fn verify(self, clock: &dyn Clock, user: &users::Model, language: Language) -> Option<mails::Model> {
        let may_go = self.is_on && user.is_active && user.email_verified_at.is_none();
        let address = user.email.as_deref().filter(|_| may_go)?;
        Some(queued(clock, Kind::Verify, Some(user), address, &Facts::default(), language))
    }

    /// Tells an account in use what has happened to it, at the address that `user` has.
    pub fn notice(
        self,
        clock: &dyn Clock,
        kind: Kind,
        user: &users::Model,
        facts: &Facts,
        language: Language,
    ) -> Option<mails::Model> {
        let is_known = user.email_verified_at.is_some() || !self.only_verified;
        let may_go = self.is_on && user.is_active && is_known;
        let address = user.email.as_deref().filter(|_| may_go)?;
        Some(queued(clock, kind, Some(user), address, facts, language))
    }
}

fn queued(
    clock: &dyn Clock,
    kind: Kind,
    user: Option<&users::Model>,
    address: &str,
    facts: &Facts,
    language: Language,
) -> mails::Model {
    let now = clock.now().millis();
    mails::Model {
        id: clock.id(),
        kind: kind.as_str().to_owned(),
        user_id: user.map(|user| user.id),
        address: address.to_owned(),
        language: language.as_str().to_owned(),
        // Of two texts: nothing in it could fail.
        facts: serde_json::to_string(facts).unwrap_or_default(),
        attempts: 0,
        created_at: now,
        due_at: now,
    }
}
