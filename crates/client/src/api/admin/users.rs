//! `/api/v1/admin/users/`

use charla_protocol::{
    List, UserId,
    admin::users::{AdminUser, AdminUserDetail, ResetLink, UpdateUser, UserRole, UserSort, UserStatus},
};
use reqwest::Method;

use crate::{Client, Result, http::Call};

const PATH: &str = "/api/v1/admin/users/";

/// Which accounts are asked for, in which order. What is not given does not count.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// In the username, the display name or the e-mail address; or an id.
    pub search: Option<String>,
    pub status: Option<UserStatus>,
    pub role: Option<UserRole>,
    pub sort: UserSort,
}

impl Client {
    /// Accounts: for staff. The first page.
    ///
    /// # Errors
    /// `forbidden`, `validation_failed`.
    pub async fn accounts(&self, filter: &AccountFilter) -> Result<List<AdminUser>> {
        let call = Call::new(Method::GET, PATH)
            .query("search", filter.search.as_deref())
            .query("status", filter.status.map(UserStatus::as_str))
            .query("role", filter.role.map(UserRole::as_str))
            .query("sort", Some(filter.sort.as_str()));
        self.call(call).await?.json()
    }

    /// An account, and how much it has: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn account(&self, user: UserId) -> Result<AdminUserDetail> {
        self.get(format!("{PATH}{user}/")).await
    }

    /// Changes an account: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `validation_failed`.
    pub async fn update_account(&self, user: UserId, changes: &UpdateUser) -> Result<AdminUserDetail> {
        self.submit(Method::PATCH, format!("{PATH}{user}/"), changes).await
    }

    /// Deletes somebody else's account: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn delete_account(&self, user: UserId) -> Result<()> {
        self.tell(Method::DELETE, format!("{PATH}{user}/")).await
    }

    /// Ends every session of somebody else: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`.
    pub async fn end_sessions_of(&self, user: UserId) -> Result<()> {
        self.tell(Method::POST, format!("{PATH}{user}/end_sessions/")).await
    }

    /// Makes a link by which somebody else chooses a new password: for staff.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `conflict`.
    pub async fn create_reset_link(&self, user: UserId) -> Result<ResetLink> {
        self.call(Call::new(Method::POST, format!("{PATH}{user}/reset_link/"))).await?.json()
    }
}
