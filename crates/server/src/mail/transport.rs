//! How letters leave: by SMTP, or into the log.

use std::{
    error::Error as _,
    fmt, io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Context;
use charla_db::tables::mails;
use charla_protocol::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::Letter;
use crate::config::{Config, Security, Smtp};

/// How long the mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where letters go.
#[derive(Debug)]
pub enum Transport {
    /// Nowhere: none are written.
    None,
    /// Into the log, links and all.
    Log,
    Smtp(Box<MailServer>),
}

/// The mail server that letters are handed to.
pub struct MailServer {
    mailer: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody will ever take it.
    Refused(String),
    /// Later it may be taken.
    NotNow(String),
    /// The mail server can't be talked to: others would fare the same.
    Away(String),
}

/// Why a mail server would take no letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No connection that others can't read.
    Tls(String),
    /// Not that user, or not that password.
    SignIn(String),
    Other(String),
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailServer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Transport {
    /// # Errors
    /// Where the certificate to trust can't be read.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        match &config.smtp {
            _ if config.debug => Ok(Self::Log),
            None => Ok(Self::None),
            Some(smtp) => {
                let server = MailServer { mailer: mailer(smtp, config)?, from: config.mail_from.clone() };
                Ok(Self::Smtp(Box::new(server)))
            }
        }
    }

    /// Hands a letter on to that address.
    ///
    /// # Errors
    /// Why it did not leave.
    pub async fn send(&self, mail: &mails::Model, address: &str, letter: Letter) -> Result<(), Failure> {
        match self {
            Self::None => Err(Failure::Away("there is no mail server".to_owned())),
            Self::Log => {
                tracing::info!("mail to {address}: {}\n{}", letter.subject, letter.text);
                Ok(())
            }
            Self::Smtp(server) => {
                let message = message(&server.from, mail, address, letter)
                    .map_err(|error| Failure::Refused(error.to_string()))?;
                server.mailer.send(message).await.map(drop).map_err(|error| failure(&error))
            }
        }
    }

    /// Greets the mail server and signs in, where there is one, and sends nothing.
    ///
    /// # Errors
    /// What it objects to.
    pub async fn try_out(&self) -> Result<(), Refusal> {
        let Self::Smtp(server) = self else { return Ok(()) };
        match server.mailer.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::Other("it does not go on after the greeting".to_owned())),
            Err(error) if is_about_tls(&error) => Err(Refusal::Tls(error.to_string())),
            Err(error) if is_about_us(&error) => Err(Refusal::SignIn(error.to_string())),
            Err(error) => Err(Refusal::Other(error.to_string())),
        }
    }
}

fn mailer(smtp: &Smtp, config: &Config) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let tls = match smtp.security {
        Security::None => Tls::None,
        Security::StartTls => Tls::Required(trusted(smtp)?),
        Security::Tls => Tls::Wrapper(trusted(smtp)?),
    };
    let mut mailer = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .tls(tls)
        .hello_name(ClientId::Domain(config.mail_from.email.domain().to_owned()))
        .timeout(Some(PATIENCE));
    if let Some((name, password)) = smtp.login.clone() {
        mailer = mailer.credentials(Credentials::new(name, password));
    }
    Ok(mailer.build())
}

fn trusted(smtp: &Smtp) -> anyhow::Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if let Some(path) = &smtp.ca {
        let context = || format!("SMTP_URL: {} is no file with a certificate", path.display());
        let pem = std::fs::read(path).with_context(context)?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).with_context(context)?);
    }
    parameters.build_rustls().context("SMTP_URL: TLS can't be set up")
}

/// No address or name gets into a header but as one: lettre parses the one, and encodes what is no plain text.
fn message(from: &Mailbox, mail: &mails::Model, address: &str, letter: Letter) -> anyhow::Result<Message> {
    // The same each time it is tried, so that a reader may see that they have it.
    let id = format!("<{}@{}>", mail.id, from.email.domain());
    Ok(Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address.parse()?))
        .subject(letter.subject)
        .date(system_time(Timestamp::from_millis(mail.created_at)))
        .message_id(Some(id))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))?)
}

fn system_time(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(at.millis().unsigned_abs())
}

/// A 5xx is final, but for one about signing in to the mail server: that is for whoever runs this one to mend.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let text = error.to_string();
    if error.is_permanent() && !is_about_us(error) {
        Failure::Refused(text)
    } else if error.is_transient() {
        Failure::NotNow(text)
    } else {
        Failure::Away(text)
    }
}

/// Whether it is about keeping the connection from others' eyes. A certificate that nobody trusts is reported as a connection that
/// failed.
fn is_about_tls(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        cause = error.source();
    }
    error.is_tls()
}

/// Whether it is about signing in.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// Keeps programs from answering (<https://www.rfc-editor.org/rfc/rfc3834#section-5>).
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
