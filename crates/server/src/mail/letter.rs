//! The words of mails, as text and as HTML.

use askama::Template;
use charla_protocol::{Timestamp, users::Language};

use super::{Facts, Kind};
use crate::{
    error::{Error, Result},
    i18n::{self, Args},
};

/// What a letter is made of.
#[derive(Clone, Debug)]
pub struct Content<'a> {
    pub kind: Kind,
    pub language: Language,
    /// The name of the server, as it stands in its address.
    pub host: &'a str,
    /// The username, for who is known to be the reader: else others could mail their own words by a name.
    pub account: Option<&'a str>,
    /// When it happened, where the letter tells of something that did.
    pub at: Option<Timestamp>,
    pub facts: &'a Facts,
    /// Where the letter's link leads.
    pub url: Option<String>,
}

/// A letter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Text<'a> {
    text: &'a str,
    facts: &'a [(String, String)],
    link: &'a Option<(String, String)>,
    otherwise: &'a str,
    footer: &'a str,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    text: &'a str,
    facts: &'a [(String, String)],
    link: &'a Option<(String, String)>,
    otherwise: &'a str,
    footer: &'a str,
}

impl Letter {
    /// # Errors
    /// `internal` where a template fails.
    pub fn write(content: &Content<'_>) -> Result<Self> {
        let kind = content.kind.as_str().replace('_', "-");
        let say = |key: &str, args: Args| i18n::text(content.language, key, &args);
        let word = |part: &str| say(&format!("mail-{kind}-{part}"), Args::new());
        let (subject, text, otherwise) = (word("subject"), word("text"), word("otherwise"));
        let footer = say("mail-footer", vec![("host", content.host.to_owned())]);
        let facts = facts(content, &say);
        let link = content.url.clone().map(|url| (word("link"), url));
        let plain = Text { text: &text, facts: &facts, link: &link, otherwise: &otherwise, footer: &footer };
        let html = Html {
            language: content.language.as_str(),
            subject: &subject,
            text: &text,
            facts: &facts,
            link: &link,
            otherwise: &otherwise,
            footer: &footer,
        };
        let text = plain.render().map_err(Error::internal)?;
        let html = html.render().map_err(Error::internal)?;
        Ok(Self { subject, text, html })
    }
}

/// What is known, each with its name.
fn facts(content: &Content<'_>, say: &impl Fn(&str, Args) -> String) -> Vec<(String, String)> {
    let rows = [
        ("mail-account", content.account.map(ToOwned::to_owned)),
        ("mail-time", content.at.map(moment)),
        ("mail-device", content.facts.device.clone()),
        ("mail-address", content.facts.address.clone()),
    ];
    let known =
        rows.into_iter().filter_map(|(key, value)| Some((key, value.filter(|value| !value.is_empty())?)));
    known.map(|(key, value)| (say(key, Args::new()), value)).collect()
}

/// Such as `2026-11-21 14:05 UTC`: the reader's own time is not known.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_have_typed_is_no_html() {
        let facts = Facts { device: Some("<script>alert(1)</script>".to_owned()), address: None };
        let content = Content {
            kind: Kind::SignIn,
            language: Language::Es,
            host: "chat.example.org",
            account: Some("007"),
            at: Some(Timestamp::from_millis(1_700_000_000_000)),
            facts: &facts,
            url: None,
        };
        let letter = Letter::write(&content).unwrap();
        assert!(!letter.html.contains("<script>"), "{}", letter.html);
        assert!(letter.text.contains("Dispositivo: <script>alert(1)</script>"), "{}", letter.text);
        assert!(letter.text.contains("Cuenta: 007\nFecha y hora: 2023-11-14 22:13 UTC\n"), "{}", letter.text);
        assert!(letter.html.contains("lang=\"es\"") && letter.html.contains("Si no has sido tú"));
    }

    #[test]
    fn a_link_stands_in_both_parts() {
        let url = "https://chat.example.org/reset#token=abc-_".to_owned();
        let content = Content {
            kind: Kind::Reset,
            language: Language::En,
            host: "chat.example.org",
            account: None,
            at: None,
            facts: &Facts::default(),
            url: Some(url.clone()),
        };
        let letter = Letter::write(&content).unwrap();
        assert!(letter.text.contains(&format!("Choose a new password:\n{url}\n")), "{}", letter.text);
        assert!(letter.html.contains(&format!("href=\"{url}\"")), "{}", letter.html);
    }
}
