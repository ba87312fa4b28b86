//! Whether the mail server takes what it would be given. No mail is sent.

use std::time::Duration;

use tokio::{net::TcpStream, time::timeout};

use super::Report;
use crate::{
    config::{Config, Security, Smtp},
    mail::{Refusal, Transport},
};

const PART: &str = "mail";
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn look(config: &Config, report: &mut Report) {
    let Some(smtp) = &config.smtp else {
        let text = "SMTP_URL is not set: no mail is sent, so that who forgets a password needs you";
        return report.note(PART, text, "set SMTP_URL, or change passwords with `charla changepassword`");
    };
    if config.debug {
        return report.note(
            PART,
            "DEBUG is on: mails go to the log",
            "turn DEBUG off where people use the server",
        );
    }
    if let Err(reason) = connect(smtp).await {
        let remedy = "look at host and port in SMTP_URL, and whether a firewall keeps mail in";
        return report.problem(
            PART,
            format!("{}:{} can't be reached: {reason}", smtp.host, smtp.port),
            remedy,
        );
    }
    match try_out(config).await {
        Ok(()) => report.ok(PART, format!("{}:{} is ready, {}", smtp.host, smtp.port, manner(smtp))),
        Err((text, remedy)) => report.problem(PART, text, remedy),
    }
}

async fn connect(smtp: &Smtp) -> Result<(), String> {
    let connecting = TcpStream::connect((smtp.host.as_str(), smtp.port));
    match timeout(PATIENCE, connecting).await {
        Ok(connected) => connected.map(drop).map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
    }
}

async fn try_out(config: &Config) -> Result<(), (String, &'static str)> {
    let set_up = Transport::of(config);
    let transport =
        set_up.map_err(|error| (format!("{error:#}"), "look at the file that `?ca=` in SMTP_URL names"))?;
    transport.try_out().await.map_err(|refusal| match refusal {
        Refusal::Tls(text) => {
            (text, "look at the certificate of the mail server, and at smtp:// or smtps:// with its port; `?ca=file` trusts one of your own")
        }
        Refusal::SignIn(text) => (text, "look at user and password in SMTP_URL"),
        Refusal::Other(text) => (text, "look at the port in SMTP_URL, and at the log of the mail server"),
    })
}

fn manner(smtp: &Smtp) -> &'static str {
    match (smtp.security, smtp.login.is_some()) {
        (Security::None, false) => "in the clear, without signing in",
        (Security::None, true) => "in the clear, and takes user and password",
        (Security::StartTls | Security::Tls, false) => "by TLS, without signing in",
        (Security::StartTls | Security::Tls, true) => "by TLS, and takes user and password",
    }
}
