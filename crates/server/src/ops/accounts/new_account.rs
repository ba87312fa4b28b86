//! Checks what somebody wants an account to be.

use charla_db::{
    Connection, fold,
    queries::{
        self,
        users::{Names, Taken},
    },
    tables::users,
};
use charla_protocol::{
    Timestamp,
    users::{DirectMessages, UserSettings},
};
use uuid::Uuid;

use super::fields;
use crate::{
    auth::password_rules,
    error::{Error, FieldError, Result},
};

/// What somebody asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form<'a> {
    pub username: &'a str,
    pub email: Option<&'a str>,
    pub password: &'a str,
    pub phone_number: Option<&'a str>,
    pub display_name: Option<&'a str>,
}

/// The fields of an account, checked.
#[derive(Clone, Debug)]
pub struct NewAccount {
    username: String,
    email: Option<String>,
    phone_number: Option<String>,
    display_name: String,
}

impl NewAccount {
    /// Checks all fields before it says what is wrong. That nobody else has the name is only sure once the row is written.
    ///
    /// # Errors
    /// `validation_failed`
    pub async fn check(db: &impl Connection, form: Form<'_>) -> Result<Self> {
        let password =
            password_rules::check("password", form.password, form.username.trim(), form.email.map(str::trim));
        Self::check_names(db, form, password.into_iter().collect()).await
    }

    /// The same for a bot, which has no password.
    ///
    /// # Errors
    /// `validation_failed`
    pub async fn check_bot(db: &impl Connection, username: &str, display_name: Option<&str>) -> Result<Self> {
        Self::check_names(db, Form { username, display_name, ..Form::default() }, Vec::new()).await
    }

    async fn check_names(db: &impl Connection, form: Form<'_>, mut errors: Vec<FieldError>) -> Result<Self> {
        let username = keep(fields::username(form.username), &mut errors);
        let email = form.email.map(|email| keep(fields::email(email), &mut errors));
        let phone_number = form.phone_number.map(|number| keep(fields::phone_number(number), &mut errors));
        let display_name = display_name(&form, username.as_deref().unwrap_or_default(), &mut errors);
        let names = Names { username: username.as_deref(), email: email.as_ref().and_then(Option::as_deref) };
        errors.extend(rejected(queries::users::taken(db, names, None).await?));
        match (username, display_name) {
            (Some(username), Some(display_name)) if errors.is_empty() => Ok(Self {
                username,
                email: email.flatten(),
                phone_number: phone_number.flatten().flatten(),
                display_name,
            }),
            _ => Err(Error::fields(errors)),
        }
    }

    async fn taken(&self, db: &impl Connection) -> charla_db::Result<Taken> {
        let names = Names { username: Some(&self.username), email: self.email.as_deref() };
        queries::users::taken(db, names, None).await
    }

    /// Writes the row, unless somebody has taken one of its names since the check.
    ///
    /// # Errors
    /// `Duplicate`
    pub async fn insert(&self, tx: &impl Connection, row: users::Model) -> charla_db::Result<()> {
        if self.taken(tx).await? != Taken::default() {
            return Err(charla_db::Error::Duplicate);
        }
        queries::users::insert(tx, row).await
    }

    /// What came of writing it. If a name was taken meanwhile, says which.
    ///
    /// # Errors
    /// `validation_failed`
    pub async fn settle<T>(&self, db: &impl Connection, stored: charla_db::Result<T>) -> Result<T> {
        match stored {
            Err(charla_db::Error::Duplicate) => match rejected(self.taken(db).await?) {
                errors if errors.is_empty() => Err(charla_db::Error::Duplicate.into()),
                errors => Err(Error::fields(errors)),
            },
            stored => Ok(stored?),
        }
    }

    /// The row to keep. `is_admin` makes it staff and superuser.
    pub fn row(
        &self,
        id: Uuid,
        password_hash: String,
        direct_messages: DirectMessages,
        is_admin: bool,
        now: Timestamp,
    ) -> users::Model {
        let defaults = UserSettings { direct_messages, show_last_seen: true, send_read_receipts: true };
        users::Model {
            id,
            username: self.username.clone(),
            username_key: fold::name_key(&self.username),
            email: self.email.clone(),
            email_key: self.email.as_deref().map(fold::email_key),
            // Who runs the server knows their own address.
            email_verified_at: self.email.as_ref().filter(|_| is_admin).map(|_| now.millis()),
            password_hash,
            display_name: self.display_name.clone(),
            display_name_key: fields::display_name_key(&self.display_name),
            bio: String::new(),
            phone_number: self.phone_number.clone(),
            avatar_id: None,
            language: None,
            direct_messages: super::profile::direct_messages_text(defaults.direct_messages).to_owned(),
            show_last_seen: defaults.show_last_seen,
            send_read_receipts: defaults.send_read_receipts,
            is_active: true,
            is_staff: is_admin,
            is_superuser: is_admin,
            date_joined: now.millis(),
            last_seen: None,
            deleted_at: None,
            two_factor_at: None,
            muted_until: None,
            banned_until: None,
            owner_id: None,
        }
    }
}

fn keep<T>(field: Result<T, FieldError>, errors: &mut Vec<FieldError>) -> Option<T> {
    field.map_err(|error| errors.push(error)).ok()
}

/// The username stands in for a display name that is not given, or empty.
fn display_name(form: &Form<'_>, username: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    match form.display_name.filter(|name| !name.trim().is_empty()) {
        Some(name) => keep(fields::display_name(name), errors),
        None => Some(username.to_owned()),
    }
}

fn rejected(taken: Taken) -> Vec<FieldError> {
    let rows = [("username", taken.username), ("email", taken.email)];
    rows.into_iter().filter(|(_, taken)| *taken).map(|(field, _)| FieldError::new(field, "taken")).collect()
}
