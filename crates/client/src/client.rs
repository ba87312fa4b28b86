//! The client of one account: where the server is, and who is asking.

use std::{sync::Arc, time::Duration};

use charla_protocol::auth::{Refresh, Tokens};
use parking_lot::RwLock;
use reqwest::{Method, cookie::Jar};
use url::Url;

use crate::{
    Error, Result,
    http::{Call, RawResponse},
    tls,
    tokens::TokenStore,
};

/// How a client shows who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer`; cookies from the server are not kept.
    #[default]
    Bearer,
    /// The cookies that the server sets, as a browser has it.
    Cookies,
}

/// What can be chosen about a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientOptions {
    pub auth: Auth,
    /// For one call, from sending to the whole answer.
    pub timeout: Duration,
    /// `Accept-Language`.
    pub language: Option<String>,
    /// Sent with every REST call; not with WebSocket handshakes.
    pub headers: Vec<(String, String)>,
    /// Certificates in PEM that are trusted beside those of the authorities that everybody trusts.
    pub trusted: Option<Vec<u8>>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            auth: Auth::Bearer,
            timeout: Duration::from_secs(30),
            language: None,
            headers: Vec::new(),
            trusted: None,
        }
    }
}

/// A client for the REST door; [`socket`](Self::socket) opens the other one. Clones share tokens and connections.
///
/// A call that is refused with `not_authenticated` or `invalid_token` refreshes the tokens and is repeated, once.
#[derive(Clone, Debug)]
pub struct Client(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) base: Url,
    pub(crate) http: reqwest::Client,
    /// How sockets come by TLS.
    pub(crate) tls: Arc<rustls::ClientConfig>,
    pub(crate) jar: Option<Arc<Jar>>,
    pub(crate) tokens: TokenStore,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) language: RwLock<Option<String>>,
    /// Held while refreshing: a refresh token is good once.
    refreshing: tokio::sync::Mutex<()>,
}

impl Client {
    /// A client of the server at `base`, such as `https://chat.example.org`, signed in to nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `base` is no HTTP address.
    pub fn new(base: &str) -> Result<Self> {
        Self::with_options(base, ClientOptions::default())
    }

    /// As [`new`](Self::new), with choices.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `base` is no HTTP address, or what is to be trusted is no certificate.
    pub fn with_options(base: &str, options: ClientOptions) -> Result<Self> {
        let base = Url::parse(base)
            .ok()
            .filter(|url| ["http", "https"].contains(&url.scheme()))
            .ok_or_else(|| Error::Invalid { what: "base address", value: base.to_owned() })?;
        // For other clients of the process too: reqwest is built so that it asks for one. A choice that was made already stands.
        rustls::crypto::ring::default_provider().install_default().ok();
        let tls = tls::config(options.trusted.as_deref())?;
        let jar = (options.auth == Auth::Cookies).then(Arc::default);
        let mut builder = reqwest::Client::builder()
            .timeout(options.timeout)
            .no_proxy()
            .tcp_nodelay(true)
            .tls_backend_preconfigured(tls.clone());
        if let Some(jar) = &jar {
            builder = builder.cookie_provider(Arc::clone(jar));
        }
        Ok(Self(Arc::new(Inner {
            base,
            http: builder.redirect(reqwest::redirect::Policy::none()).build()?,
            tls: Arc::new(tls),
            jar,
            tokens: TokenStore::default(),
            headers: options.headers,
            language: RwLock::new(options.language),
            refreshing: tokio::sync::Mutex::default(),
        })))
    }

    /// Where the server is.
    pub fn base(&self) -> &Url {
        &self.0.base
    }

    /// The tokens held, if signed in with a bearer token.
    pub fn tokens(&self) -> Option<Tokens> {
        self.0.tokens.get()
    }

    /// Uses these tokens from now on, or none.
    pub fn set_tokens(&self, tokens: Option<Tokens>) {
        self.0.tokens.set(tokens);
    }

    /// Sends this `Accept-Language` from now on, or none.
    pub fn set_language(&self, language: Option<&str>) {
        *self.0.language.write() = language.map(str::to_owned);
    }

    /// Spends the refresh token for a fresh pair. Waits for a refresh that is under way, but does not count it.
    ///
    /// # Errors
    /// `not_authenticated`, `invalid_token` or `session_ended`; without an answer the token may be spent or not.
    pub async fn refresh(&self) -> Result<()> {
        self.refresh_unless_newer_than(None).await
    }

    /// Refreshes, unless somebody else has done so since `seen`.
    ///
    /// It runs in a task of its own: a caller that gives up must not throw away the new pair of a spent token.
    pub(crate) async fn refresh_unless_newer_than(&self, seen: Option<u64>) -> Result<()> {
        let client = self.clone();
        let refresh = async move {
            let _alone = client.0.refreshing.lock().await;
            if seen.is_some_and(|seen| client.0.tokens.generation() != seen) {
                return Ok(());
            }
            client.spend_refresh_token().await
        };
        tokio::spawn(refresh).await.map_err(|error| Error::Ended(error.to_string()))?
    }

    /// Refreshes after `refusal`, which stands if the refresh token is no good either.
    pub(crate) async fn renew(&self, generation: u64, refusal: Error) -> Result<()> {
        match self.refresh_unless_newer_than(Some(generation)).await {
            Err(error) if error.is_final() => Err(refusal),
            other => other,
        }
    }

    async fn spend_refresh_token(&self) -> Result<()> {
        let refresh = Refresh { refresh: self.tokens().map(|tokens| tokens.refresh) };
        let call = Call::new(Method::POST, "/api/v1/auth/refresh/").anonymous().json(&refresh)?;
        let tokens: Tokens = self.execute(&call).await.and_then(RawResponse::into_result)?.json()?;
        self.keep(&tokens.access, &tokens.refresh);
        Ok(())
    }

    /// Keeps a pair that the server gave; with cookies only the change itself is of interest.
    pub(crate) fn keep(&self, access: &str, refresh: &str) {
        let tokens = Tokens { access: access.to_owned(), refresh: refresh.to_owned() };
        self.0.tokens.set(self.0.jar.is_none().then_some(tokens));
    }

    /// Whether there is anything to refresh.
    pub(crate) fn can_refresh(&self) -> bool {
        self.0.jar.is_some() || self.tokens().is_some()
    }
}
