//! Calls over HTTP: building, sending, and reading answers.

use reqwest::{
    Method,
    header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use charla_protocol::ErrorCode;

use crate::{Client, Error, Result};

/// One call, before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    method: Method,
    /// A path with its query, or a whole address below the same origin.
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    authenticated: bool,
}

impl Call {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: None, authenticated: true }
    }

    /// Sends no bearer token, and does not refresh.
    pub(crate) fn anonymous(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// Adds a member to the query, where there is a value.
    pub(crate) fn query(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        self.body = Some(serde_json::to_vec(body).map_err(|error| Error::decode(error, b""))?);
        Ok(self)
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct RawResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: bytes::Bytes,
}

impl RawResponse {
    /// A header's value, where it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// [`Error::Decode`]
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| Error::decode(error, &self.body))
    }

    /// Itself where the status says success.
    ///
    /// # Errors
    /// [`Error::Problem`] or [`Error::Status`]
    pub fn into_result(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(Error::from_answer(self.status, self.header(RETRY_AFTER.as_str()), &self.body))
    }
}

impl Client {
    /// Sends anything: `path` from the root (`/api/v1/…`), with a JSON body or none. No refresh, and any status is fine.
    ///
    /// # Errors
    /// Only where no answer comes.
    pub async fn request(&self, method: Method, path: &str, json: Option<&Value>) -> Result<RawResponse> {
        let call = Call::new(method, path);
        self.execute(&match json {
            Some(body) => call.json(body)?,
            None => call,
        })
        .await
    }

    /// A request of one's own making (multipart, odd headers), with this client's credentials and headers set.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `path` leads to another origin.
    pub fn request_builder(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder> {
        self.builder(&Call::new(method, path))
    }

    /// Sends a [`request_builder`](Self::request_builder)'s request and reads the whole answer.
    ///
    /// # Errors
    /// Only where no answer comes.
    pub async fn send_request(&self, request: reqwest::RequestBuilder) -> Result<RawResponse> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(RawResponse { status, headers, body: response.bytes().await? })
    }

    /// A request to another server: without any credentials.
    pub(crate) fn plain_get(&self, address: &str) -> reqwest::RequestBuilder {
        self.0.http.get(address)
    }

    /// How often the tokens have been changed.
    pub(crate) fn tokens_generation(&self) -> u64 {
        self.0.tokens.generation()
    }

    /// Sends a call once.
    pub(crate) async fn execute(&self, call: &Call) -> Result<RawResponse> {
        self.send_request(self.builder(call)?).await
    }

    /// Sends a call, refreshes and repeats it once if the access token is no longer good.
    pub(crate) async fn call(&self, call: Call) -> Result<RawResponse> {
        let generation = self.0.tokens.generation();
        let result = self.execute(&call).await?.into_result();
        match result {
            Err(error) if call.authenticated && self.can_refresh() && wants_refresh(&error) => {
                self.renew(generation, error).await?;
                self.execute(&call).await?.into_result()
            }
            other => other,
        }
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: impl Into<String>) -> Result<T> {
        self.call(Call::new(Method::GET, path)).await?.json()
    }

    /// Sends a body and reads the answer.
    pub(crate) async fn submit<T: DeserializeOwned>(
        &self,
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Result<T> {
        self.call(Call::new(method, path).json(body)?).await?.json()
    }

    /// Sends a call whose answer says no more than that it succeeded.
    pub(crate) async fn tell(&self, method: Method, path: impl Into<String>) -> Result<()> {
        self.call(Call::new(method, path)).await.map(drop)
    }

    /// Follows the address of a neighbouring page (`next`, `previous`).
    ///
    /// # Errors
    /// As every call; [`Error::Invalid`] where it leads to another origin.
    pub async fn page<T: DeserializeOwned>(&self, address: &str) -> Result<T> {
        self.get(address).await
    }

    fn builder(&self, call: &Call) -> Result<reqwest::RequestBuilder> {
        let mut request = self.0.http.request(call.method.clone(), self.address(call)?);
        for (name, value) in &self.0.headers {
            request = request.header(name, value);
        }
        if let Some(language) = self.0.language.read().as_deref() {
            request = request.header(ACCEPT_LANGUAGE, language);
        }
        if let Some(access) = self.0.tokens.access().filter(|_| call.authenticated) {
            request = request.header(AUTHORIZATION, format!("Bearer {access}"));
        }
        Ok(match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => request,
        })
    }

    /// The whole address. Never one of another origin: it would be given the token.
    fn address(&self, call: &Call) -> Result<Url> {
        let base = &self.0.base;
        let mut url = base
            .join(&call.path)
            .ok()
            .filter(|url| url.origin() == base.origin())
            .ok_or_else(|| Error::Invalid { what: "path", value: call.path.clone() })?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }
}

/// Whether a fresh access token may cure this.
pub(crate) fn wants_refresh(error: &Error) -> bool {
    error.status() == Some(401)
        && matches!(error.code(), Some(ErrorCode::NotAuthenticated | ErrorCode::InvalidToken))
}
