//! `/api/v1/admin/users/{id}/sanctions/` and `/api/v1/users/me/sanctions/`

use charla_protocol::{
    List, UserId,
    sanctions::{CreateSanction, Sanction},
};
use reqwest::Method;
use uuid::Uuid;

use crate::{Client, Result};

fn of_user(user: UserId) -> String {
    format!("/api/v1/admin/users/{user}/sanctions/")
}

impl Client {
    /// What was imposed on somebody, the latest first: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn sanctions(&self, user: UserId) -> Result<List<Sanction>> {
        self.get(of_user(user)).await
    }

    /// Warns, mutes or bans somebody: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `validation_failed`.
    pub async fn impose_sanction(&self, user: UserId, sanction: &CreateSanction) -> Result<Sanction> {
        self.submit(Method::POST, of_user(user), sanction).await
    }

    /// Lifts what was imposed: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn lift_sanction(&self, id: Uuid) -> Result<()> {
        self.tell(Method::DELETE, format!("/api/v1/admin/sanctions/{id}/")).await
    }

    /// What was imposed on oneself, the latest first. The first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn own_sanctions(&self) -> Result<List<Sanction>> {
        self.get("/api/v1/users/me/sanctions/").await
    }
}
