//! A server that mails, and the box its mails arrive in.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use charla_client::{Client, RawResponse};
use charla_db::queries;
use charla_server::Config;
use charla_services::{Options, Smtp};
use charla_testing::TestServer;
use mailparse::{MailHeaderMap, ParsedMail};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// One mail server for all tests that leave it alone.
static SMTP: OnceLock<Smtp> = OnceLock::new();

/// Where the mails of one test arrive: their sender's domain is nobody else's.
pub(crate) struct Inbox {
    folder: PathBuf,
    domain: String,
}

/// A mail as it arrived.
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Inbox {
    /// Below the folder of a mail server.
    pub(crate) fn below(smtp: &Path) -> Self {
        let domain = format!("{}.test", Uuid::new_v4().simple());
        Self { folder: smtp.join("mail").join(&domain), domain }
    }

    /// Settings that mail through the server at `url` into this box.
    pub(crate) fn settings(&self, url: &str) -> impl Fn(&mut Config) + Clone + Send + Sync + 'static {
        let (smtp, from) = (url.to_owned(), format!("Charla <no-reply@{}>", self.domain));
        move |config| {
            config.smtp = Some(smtp.parse().unwrap());
            config.mail_from = from.parse().unwrap();
            config.public_url = "https://chat.example.org".to_owned();
        }
    }

    /// All that has arrived, in the order in which it did.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let Ok(files) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
        files.sort_by_key(|file| (fs::metadata(file).unwrap().modified().unwrap(), file.clone()));
        files.iter().map(|file| Mail::read(&fs::read(file).unwrap())).collect()
    }

    /// Those to one address.
    pub(crate) fn to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }
}

impl Mail {
    fn read(bytes: &[u8]) -> Self {
        let mail = mailparse::parse_mail(bytes).unwrap();
        assert_eq!(mail.ctype.mimetype, "multipart/alternative");
        let part = |kind: &str| {
            let mut parts = mail.subparts.iter().filter(|part: &&ParsedMail<'_>| part.ctype.mimetype == kind);
            let body = parts.next().unwrap().get_body().unwrap();
            assert!(parts.next().is_none());
            body.replace("\r\n", "\n")
        };
        let header = |name: &str| mail.headers.get_first_value(name).unwrap();
        let headers = mail.headers.iter().map(|header| (header.get_key(), header.get_value())).collect();
        Self {
            to: header("X-Envelope-To"),
            subject: header("Subject"),
            text: part("text/plain"),
            html: part("text/html"),
            headers,
        }
    }

    /// The token of its link, which stands in both parts.
    pub(crate) fn token(&self, page: &str) -> String {
        let begin = format!("https://chat.example.org/{page}#token=");
        let (_, rest) = self.text.split_once(&begin).unwrap_or_else(|| panic!("{}", self.text));
        let token = rest.lines().next().unwrap().to_owned();
        assert!(self.html.contains(&format!("href=\"{begin}{token}\"")), "{}", self.html);
        token
    }
}

/// A node on the same database that mails, and the box of its mails.
pub(crate) async fn mailing(server: &TestServer) -> (TestServer, Inbox) {
    mailing_with(server, |_| {}).await
}

/// The same with more settings.
pub(crate) async fn mailing_with(
    server: &TestServer,
    more: impl Fn(&mut Config) + Send + Sync + 'static,
) -> (TestServer, Inbox) {
    let smtp = SMTP.get_or_init(|| Smtp::start(&Options::default()).unwrap());
    let inbox = Inbox::below(smtp.folder());
    let settings = inbox.settings(&smtp.url());
    let node = server
        .beside(move |config| {
            settings(config);
            more(config);
        })
        .await;
    (node, inbox)
}

/// A mail server of one's own, which one may end, and a node that mails through it.
pub(crate) async fn with_own_smtp(server: &TestServer) -> (Smtp, TestServer, Inbox) {
    let smtp = Smtp::start(&Options::default()).unwrap();
    let inbox = Inbox::below(smtp.folder());
    let node = server.beside(inbox.settings(&smtp.url())).await;
    (smtp, node, inbox)
}

pub(crate) async fn post(client: &Client, path: &str, body: Value) -> RawResponse {
    client.request(Method::POST, &format!("/api/v1/auth/{path}/"), Some(&body)).await.unwrap()
}

/// Asks for a link for a new password, and waits until what is to be sent is sent.
pub(crate) async fn ask_for_reset(server: &TestServer, email: &str) -> RawResponse {
    let answer = post(&server.anonymous(), "password/reset", json!({ "email": email })).await;
    server.app.post.flush().await;
    answer
}

pub(crate) async fn confirm(server: &TestServer, token: &str, password: &str) -> RawResponse {
    let body = json!({"token": token, "new_password": password});
    post(&server.anonymous(), "password/reset/confirm", body).await
}

pub(crate) async fn verify(server: &TestServer, token: &str) -> RawResponse {
    post(&server.anonymous(), "email/verify", json!({ "token": token })).await
}

/// Whether no mail waits.
pub(crate) async fn is_empty(server: &TestServer) -> bool {
    queries::mails::next_due(server.app.db.read()).await.unwrap().is_none()
}
