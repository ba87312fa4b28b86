//! `/api/v1/auth/two_factor/`, and the second step of signing in.

use charla_protocol::{
    auth::SignedIn,
    two_factor::{RecoveryCodes, TwoFactor, TwoFactorLogin, TwoFactorProof, TwoFactorSetup},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

const TWO_FACTOR: &str = "/api/v1/auth/two_factor/";

impl Client {
    /// Goes on with a sign-in that was answered with `two_factor_required`, by the token of that answer.
    ///
    /// # Errors
    /// `invalid_token`, `validation_failed` for a wrong code, `too_many_requests`.
    pub async fn login_by_code(&self, token: &str, code: &str) -> Result<SignedIn> {
        let body = TwoFactorLogin { token: token.to_owned(), code: code.to_owned() };
        self.sign_in("login/two_factor", &body).await
    }

    /// Whether signing in takes a code.
    ///
    /// # Errors
    /// As every call.
    pub async fn two_factor(&self) -> Result<TwoFactor> {
        self.get(TWO_FACTOR).await
    }

    /// A new secret for an authenticator, which counts once [`enable_two_factor`](Self::enable_two_factor) has had a code of it.
    ///
    /// # Errors
    /// `conflict` where the second factor is on.
    pub async fn set_up_two_factor(&self) -> Result<TwoFactorSetup> {
        self.call(Call::new(Method::POST, format!("{TWO_FACTOR}setup/"))).await?.json()
    }

    /// Turns the second factor on; every other session ends. The codes are shown this one time.
    ///
    /// # Errors
    /// `validation_failed`, `conflict`, `too_many_requests`.
    pub async fn enable_two_factor(&self, proof: &TwoFactorProof) -> Result<RecoveryCodes> {
        self.submit(Method::POST, format!("{TWO_FACTOR}enable/"), proof).await
    }

    /// Turns it off.
    ///
    /// # Errors
    /// `validation_failed`, `conflict`, `too_many_requests`, `two_factor_setup_required`.
    pub async fn disable_two_factor(&self, proof: &TwoFactorProof) -> Result<()> {
        self.call(Call::new(Method::POST, format!("{TWO_FACTOR}disable/")).json(proof)?).await.map(drop)
    }

    /// New recovery codes in the place of those of before.
    ///
    /// # Errors
    /// `validation_failed`, `conflict`, `too_many_requests`.
    pub async fn renew_recovery_codes(&self, proof: &TwoFactorProof) -> Result<RecoveryCodes> {
        self.submit(Method::POST, format!("{TWO_FACTOR}recovery_codes/"), proof).await
    }
}
