//! `/api/v1/bots/`

use charla_protocol::{
    List, SessionId, UserId,
    auth::Tokens,
    bots::{Bot, CreateBot, CreateBotToken, NewBotToken, UpdateBot},
};
use reqwest::Method;

use crate::{Client, Result};

const BOTS: &str = "/api/v1/bots/";

fn of_bot(bot: UserId) -> String {
    format!("{BOTS}{bot}/")
}

impl Client {
    /// Speaks for a bot from now on, by a token of it. Nothing is to be refreshed.
    pub fn use_bot_token(&self, token: &str) {
        self.set_tokens(Some(Tokens { access: token.to_owned(), refresh: String::new() }));
    }

    /// One's own bots, the latest made first.
    ///
    /// # Errors
    /// As every call.
    pub async fn bots(&self) -> Result<List<Bot>> {
        self.get(BOTS).await
    }

    /// # Errors
    /// `validation_failed`, `muted`.
    pub async fn create_bot(&self, bot: &CreateBot) -> Result<Bot> {
        self.submit(Method::POST, BOTS, bot).await
    }

    /// # Errors
    /// `not_found`
    pub async fn bot(&self, bot: UserId) -> Result<Bot> {
        self.get(of_bot(bot)).await
    }

    /// # Errors
    /// `not_found`, `validation_failed`.
    pub async fn update_bot(&self, bot: UserId, changes: &UpdateBot) -> Result<Bot> {
        self.submit(Method::PATCH, of_bot(bot), changes).await
    }

    /// # Errors
    /// `not_found`
    pub async fn delete_bot(&self, bot: UserId) -> Result<()> {
        self.tell(Method::DELETE, of_bot(bot)).await
    }

    /// Makes a token for a bot of one's own.
    ///
    /// # Errors
    /// `not_found`, `validation_failed`, `muted`.
    pub async fn create_bot_token(&self, bot: UserId, token: &CreateBotToken) -> Result<NewBotToken> {
        self.submit(Method::POST, format!("{}tokens/", of_bot(bot)), token).await
    }

    /// # Errors
    /// `not_found`
    pub async fn revoke_bot_token(&self, bot: UserId, token: SessionId) -> Result<()> {
        self.tell(Method::DELETE, format!("{}tokens/{token}/", of_bot(bot))).await
    }
}
