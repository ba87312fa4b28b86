//! `/api/v1/users/`

use charla_protocol::{
    List, UserId,
    users::{Me, UpdateMe, User},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

impl Client {
    /// People by username, display name or exact id, prefix first.
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

    /// Deletes one's own account.
    ///
    /// # Errors
    /// `invalid_credentials`, `validation_failed`.
    pub async fn delete_me(&self, password: &str) -> Result<()> {
        let body = serde_json::json!({ "password": password });
        self.call(Call::new(Method::DELETE, "/api/v1/users/me/").json(&body)?).await?;
        self.set_tokens(None);
        Ok(())
    }
}
