//! `/api/v1/auth/`

use charla_protocol::{
    List, SessionId,
    auth::{
        ChangePassword, ConfirmReset, Login, Register, RegistrationPolicy, RequestReset, Session, Setup,
        SignedIn, VerifyEmail,
    },
};
use reqwest::Method;
use serde::Serialize;

use crate::{Client, Result, http::Call};

impl Client {
    /// Who may make an account.
    ///
    /// # Errors
    /// As every call.
    pub async fn registration_policy(&self) -> Result<RegistrationPolicy> {
        self.get("/api/v1/auth/register/").await
    }

    /// Makes an account and is signed in to it.
    ///
    /// # Errors
    /// `validation_failed` with the rejected fields, `registration_closed`, `invite_required`.
    pub async fn register(&self, account: &Register) -> Result<SignedIn> {
        self.sign_in("register", account).await
    }

    /// Signs in; `username` may be an e-mail address.
    ///
    /// # Errors
    /// `invalid_credentials`; `two_factor_required`, with a token for [`login_by_code`](Self::login_by_code) in the problem.
    pub async fn login(&self, username: &str, password: &str) -> Result<SignedIn> {
        self.sign_in("login", &Login { username: username.to_owned(), password: password.to_owned() }).await
    }

    /// Makes the first administrator with the token that the server printed.
    ///
    /// # Errors
    /// `setup_done`, `invalid_token`, `validation_failed`.
    pub async fn setup(&self, account: &Setup) -> Result<SignedIn> {
        self.sign_in("setup", account).await
    }

    /// Ends this session and forgets its tokens.
    ///
    /// # Errors
    /// As every call.
    pub async fn logout(&self) -> Result<()> {
        self.tell(Method::POST, "/api/v1/auth/logout/").await?;
        self.set_tokens(None);
        Ok(())
    }

    /// The account's signed-in devices.
    ///
    /// # Errors
    /// As every call.
    pub async fn sessions(&self) -> Result<List<Session>> {
        self.get("/api/v1/auth/sessions/").await
    }

    /// Signs a device out.
    ///
    /// # Errors
    /// `not_found`
    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        self.tell(Method::DELETE, format!("/api/v1/auth/sessions/{id}/")).await
    }

    /// Changes the password; every other session ends.
    ///
    /// # Errors
    /// `validation_failed`, `invalid_credentials`.
    pub async fn change_password(&self, change: &ChangePassword) -> Result<()> {
        self.call(Call::new(Method::POST, "/api/v1/auth/password/change/").json(change)?).await.map(drop)
    }

    /// Asks for a link by mail to choose a new password; nobody learns whether the address is known.
    ///
    /// # Errors
    /// `validation_failed`, `too_many_requests`.
    pub async fn request_password_reset(&self, email: &str) -> Result<()> {
        self.post_openly("password/reset", &RequestReset { email: email.to_owned() }).await
    }

    /// Chooses a new password with the token of the link; every session of the account ends.
    ///
    /// # Errors
    /// `validation_failed`: for a link that is no longer good too.
    pub async fn confirm_password_reset(&self, token: &str, new_password: &str) -> Result<()> {
        let body = ConfirmReset { token: token.to_owned(), new_password: new_password.to_owned() };
        self.post_openly("password/reset/confirm", &body).await
    }

    /// Shows with the token of the link that the e-mail address is the account's.
    ///
    /// # Errors
    /// `validation_failed` for a link that is no longer good.
    pub async fn verify_email(&self, token: &str) -> Result<()> {
        self.post_openly("email/verify", &VerifyEmail { token: token.to_owned() }).await
    }

    /// Has the link to verify the e-mail address mailed again.
    ///
    /// # Errors
    /// `no_mail`, `too_many_requests`.
    pub async fn send_verification(&self) -> Result<()> {
        self.tell(Method::POST, "/api/v1/auth/email/verify/send/").await
    }

    async fn post_openly(&self, door: &str, body: &impl Serialize) -> Result<()> {
        let call = Call::new(Method::POST, format!("/api/v1/auth/{door}/")).anonymous().json(body)?;
        self.call(call).await.map(drop)
    }

    pub(super) async fn sign_in(&self, door: &str, body: &impl Serialize) -> Result<SignedIn> {
        let call = Call::new(Method::POST, format!("/api/v1/auth/{door}/")).anonymous().json(body)?;
        let signed_in: SignedIn = self.call(call).await?.json()?;
        self.keep(&signed_in.access, &signed_in.refresh);
        Ok(signed_in)
    }
}
