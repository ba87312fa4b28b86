//! Accounts. A deleted one stays as a row without personal data, for its messages' sake.

use charla_protocol::{
    ErrorCode, Timestamp, UserId,
    users::{DirectMessages, Language, UserSettings, UserSummary},
};
use sea_orm::{Condition, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub username: String,
    /// The username after NFKC and case folding; unique.
    pub username_key: String,
    pub email: Option<String>,
    /// The e-mail address in lower case; unique.
    pub email_key: Option<String>,
    pub email_verified_at: Option<i64>,
    /// An Argon2id PHC string.
    pub password_hash: String,
    pub display_name: String,
    /// The display name folded for search.
    pub display_name_key: String,
    pub bio: String,
    pub phone_number: Option<String>,
    pub avatar_id: Option<Uuid>,
    pub language: Option<String>,
    pub direct_messages: String,
    pub show_last_seen: bool,
    pub send_read_receipts: bool,
    pub is_active: bool,
    pub is_staff: bool,
    pub is_superuser: bool,
    pub date_joined: i64,
    pub last_seen: Option<i64>,
    pub deleted_at: Option<i64>,
    /// Since when signing in takes a code beside the password.
    pub two_factor_at: Option<i64>,
    /// Until then the person may not write; [`WITHOUT_END`] for one without an end.
    pub muted_until: Option<i64>,
    /// The same for signing in.
    pub banned_until: Option<i64>,
    /// Whose bot it is; none for people.
    pub owner_id: Option<Uuid>,
}

/// When a mute or a ban ends that has no end.
pub const WITHOUT_END: i64 = i64::MAX;

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether somebody shares their read receipts. Who keeps their own sees nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipts {
    Shared,
    Kept,
}

/// Whom messages are shown to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// None where many get the same bytes.
    pub id: Option<UserId>,
    pub receipts: Receipts,
}

impl Viewer {
    /// Everybody who shares their receipts.
    pub const EVERYBODY: Self = Self { id: None, receipts: Receipts::Shared };
}

/// Those of whom [`Model::is_unverified`] is true.
pub(crate) fn are_unverified() -> Condition {
    Condition::all()
        .add(Column::Email.is_not_null())
        .add(Column::EmailVerifiedAt.is_null())
        .add(Column::IsSuperuser.eq(false))
}

fn check_end(until: Option<i64>, code: ErrorCode, now: Timestamp) -> crate::Result<()> {
    let refused = |until| Err(crate::Error::Sanctioned { code, until });
    match until.filter(|until| now.millis() < *until) {
        None => Ok(()),
        Some(WITHOUT_END) => refused(None),
        Some(until) => refused(Some(Timestamp::from_millis(until))),
    }
}

impl Model {
    /// Whether there is an e-mail address to verify. Who runs the server need not.
    pub fn is_unverified(&self) -> bool {
        self.email.is_some() && self.email_verified_at.is_none() && !self.is_superuser
    }

    /// # Errors
    /// `Sanctioned` with `banned` for who may not be here.
    pub fn check_ban(&self, now: Timestamp) -> crate::Result<()> {
        check_end(self.banned_until, ErrorCode::Banned, now)
    }

    /// # Errors
    /// `Sanctioned` with `muted` for who may not write.
    pub fn check_mute(&self, now: Timestamp) -> crate::Result<()> {
        check_end(self.muted_until, ErrorCode::Muted, now)
    }

    pub fn user_id(&self) -> UserId {
        UserId(self.id)
    }

    pub fn is_bot(&self) -> bool {
        self.owner_id.is_some()
    }

    /// As much of the person as stands beside a message.
    pub fn summary(&self) -> UserSummary {
        UserSummary {
            id: self.user_id(),
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            avatar_url: self.avatar_url(),
            is_bot: self.is_bot(),
        }
    }

    /// Where the avatar is served, if there is one.
    pub fn avatar_url(&self) -> Option<String> {
        self.avatar_id.map(super::files::avatar_url)
    }

    pub fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::from_tag)
    }

    pub fn last_seen(&self) -> Option<Timestamp> {
        self.last_seen.map(Timestamp::from_millis)
    }

    pub fn viewer(&self) -> Viewer {
        Viewer { id: Some(self.user_id()), receipts: self.receipts() }
    }

    pub fn receipts(&self) -> Receipts {
        if self.send_read_receipts { Receipts::Shared } else { Receipts::Kept }
    }

    /// From whom the person takes direct messages, where the server allows `most`.
    pub fn takes_direct_messages(&self, most: DirectMessages) -> DirectMessages {
        match most {
            DirectMessages::Everyone => self.settings().direct_messages,
            DirectMessages::Friends => DirectMessages::Friends,
        }
    }

    pub fn settings(&self) -> UserSettings {
        UserSettings {
            direct_messages: match self.direct_messages.as_str() {
                "friends" => DirectMessages::Friends,
                _ => DirectMessages::Everyone,
            },
            show_last_seen: self.show_last_seen,
            send_read_receipts: self.send_read_receipts,
        }
    }
}
