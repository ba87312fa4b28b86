//! `/api/v1/friends/`

use charla_protocol::{
    FriendRequestId, List, UserId,
    friends::{FriendRequest, FriendRequestOutcome, RequestDirection, RequestFriendship},
    users::User,
};
use reqwest::Method;

use crate::{Client, Result, api::Made, http::Call};

const FRIENDS: &str = "/api/v1/friends/";
const REQUESTS: &str = "/api/v1/friends/requests/";

impl Client {
    /// The caller's friends, by username; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn friends(&self) -> Result<List<User>> {
        self.get(FRIENDS).await
    }

    /// Ends a friendship.
    ///
    /// # Errors
    /// `not_found`
    pub async fn end_friendship(&self, user: UserId) -> Result<()> {
        self.tell(Method::DELETE, format!("{FRIENDS}{user}/")).await
    }

    /// Requests to or from the caller that have not been answered, the newest first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn friend_requests(&self, direction: RequestDirection) -> Result<List<FriendRequest>> {
        self.call(Call::new(Method::GET, REQUESTS).query("direction", Some(direction.as_str()))).await?.json()
    }

    /// Asks somebody for friendship. Where they have asked too, the two are friends: then there is no new request.
    ///
    /// # Errors
    /// `contact_refused`, `not_found`, `validation_failed`, `too_many_requests`.
    pub async fn request_friendship(&self, user_id: UserId) -> Result<Made<FriendRequestOutcome>> {
        let call = Call::new(Method::POST, REQUESTS).json(&RequestFriendship { user_id })?;
        let answer = self.call(call).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// Accepts a request to the caller, and gives the new friend.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn accept_friend_request(&self, id: FriendRequestId) -> Result<User> {
        self.call(Call::new(Method::POST, format!("{REQUESTS}{id}/accept/"))).await?.json()
    }

    /// Declines a request to the caller.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn decline_friend_request(&self, id: FriendRequestId) -> Result<()> {
        self.tell(Method::POST, format!("{REQUESTS}{id}/decline/")).await
    }

    /// Cancels a request of the caller.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn cancel_friend_request(&self, id: FriendRequestId) -> Result<()> {
        self.tell(Method::POST, format!("{REQUESTS}{id}/cancel/")).await
    }
}
