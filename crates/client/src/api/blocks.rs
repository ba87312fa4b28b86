//! `/api/v1/blocks/`

use charla_protocol::{
    List, UserId,
    blocks::{Block, BlockUser},
};
use reqwest::Method;

use crate::{Client, Result, api::Made, http::Call};

const BLOCKS: &str = "/api/v1/blocks/";

impl Client {
    /// Whom the caller has blocked, the latest first; the first page.
    ///
    /// # Errors
    /// As every call.
    pub async fn blocks(&self) -> Result<List<Block>> {
        self.get(BLOCKS).await
    }

    /// Blocks somebody.
    ///
    /// # Errors
    /// `not_found`, `validation_failed`.
    pub async fn block(&self, user_id: UserId) -> Result<Made<Block>> {
        let call = Call::new(Method::POST, BLOCKS).json(&BlockUser { user_id })?;
        let answer = self.call(call).await?;
        Ok(Made { value: answer.json()?, is_new: answer.status == 201 })
    }

    /// Lifts a block.
    ///
    /// # Errors
    /// `not_found`
    pub async fn unblock(&self, user_id: UserId) -> Result<()> {
        self.tell(Method::DELETE, format!("{BLOCKS}{user_id}/")).await
    }
}
