//! `/api/v1/users/`

use charla_protocol::{
    List, UserId,
    users::{DeleteMe, Me, UpdateMe, User},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

impl Client {
    /// People by username, display name or exact id, prefix first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn search_users(&self, search: &str) -> Result<List<User>> {
        self.call(Call::new(Method::GET, "/api/v1/users/").query("search", Some(search))).await?.json()
    }

    /// One person.
    ///
    /// # Errors
    /// `not_found`
    pub async fn user(&self, id: UserId) -> Result<User> {
        self.get(format!("/api/v1/users/{id}/")).await
    }

    /// One's own account.
    ///
    /// # Errors
    /// As every call.
    pub async fn me(&self) -> Result<Me> {
        self.get("/api/v1/users/me/").await
    }

    /// Edits one's own account; what is left out stays.
    ///
    /// # Errors
    /// `validation_failed`
    pub async fn update_me(&self, update: &UpdateMe) -> Result<Me> {
        self.submit(Method::PATCH, "/api/v1/users/me/", update).await
    }

    /// Everything that one's own account holds: a ZIP archive. It is held in memory as a whole.
    ///
    /// # Errors
    /// `too_many_requests`
    pub async fn export_me(&self) -> Result<bytes::Bytes> {
        Ok(self.call(Call::new(Method::GET, "/api/v1/users/me/export/")).await?.body)
    }

    /// Deletes one's own account.
    ///
    /// # Errors
    /// `validation_failed`, `last_superuser`.
    pub async fn delete_me(&self, password: &str) -> Result<()> {
        let body = DeleteMe { password: password.to_owned() };
        self.call(Call::new(Method::DELETE, "/api/v1/users/me/").json(&body)?).await?;
        self.set_tokens(None);
        Ok(())
    }
}
