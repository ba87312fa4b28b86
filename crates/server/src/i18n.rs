//! The words people see from the server, in English and Spanish: Fluent dictionaries in `locales/`.

use std::{borrow::Cow, collections::HashMap};

use charla_protocol::{ErrorCode, Timestamp, users::Language};
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};
use http::{HeaderMap, header};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Isolation marks would stand in plain JSON strings.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Figures and names that stand in a text.
pub type Args = Vec<(&'static str, String)>;

static EN: LanguageIdentifier = langid!("en");
static ES: LanguageIdentifier = langid!("es");

/// The text of that key. A missing key gives the key itself; a test sees to it that none is missing.
pub fn text(language: Language, key: &str, args: &Args) -> String {
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
        args.iter().map(|(name, value)| (Cow::Borrowed(*name), argument(value))).collect();
    LOCALES.try_lookup_with_args(identifier(language), key, &args).unwrap_or_else(|| key.to_owned())
}

/// A number where the text is written as one, so that words can go by it. A person may be called `007` or `1e3`, and stays so.
fn argument(value: &str) -> FluentValue<'_> {
    match value.parse::<u32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

/// A number of bytes as people say it, without rounding: in MiB or KiB where it is a whole number of them.
pub fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ if bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        _ => format!("{bytes} bytes"),
    }
}

/// A moment as it is read in either language, to the minute: `2026-01-31 12:00 UTC`.
pub fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or_default())
}

/// The code as it stands in the keys of texts about it, such as `title-not-found`.
pub fn code_key(code: ErrorCode) -> String {
    code.as_str().replace('_', "-")
}

fn identifier(language: Language) -> &'static LanguageIdentifier {
    match language {
        Language::En => &EN,
        Language::Es => &ES,
    }
}

/// The best language that `Accept-Language` asks for and the product speaks.
pub fn accepted(headers: &HeaderMap) -> Option<Language> {
    let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for range in header.split(',') {
        let mut parts = range.trim().split(';');
        let Some(language) = parts.next().and_then(|tag| Language::from_tag(tag.trim())) else { continue };
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(Ok(1.0), str::parse::<f32>)
            .unwrap_or(0.0);
        if quality > best.map_or(0.0, |(best, _)| best) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn figures_choose_words_and_names_stay_as_they_are() {
        let say = |key, name, value: &str| text(Language::En, key, &vec![(name, value.to_owned())]);
        assert_eq!(say("field-too-short", "min", "1"), "Use at least one character.");
        assert_eq!(say("field-too-short", "min", "8"), "Use at least 8 characters.");
        for name in ["007", "1e3", "1.50", "99999999999999999999", "-1", "{ $actor }", "Ana"] {
            assert_eq!(say("system-member-joined", "actor", name), format!("{name} joined"));
        }
    }

    #[test]
    fn sizes_are_said_exactly() {
        for (bytes, expected) in [
            (25 * 1024 * 1024, "25 MiB"),
            (16 * 1024, "16 KiB"),
            (1_000_000, "1000000 bytes"),
            (0, "0 bytes"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn the_best_spoken_language_is_taken() {
        let accepted = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value));
            accepted(&headers)
        };
        assert_eq!(accepted("es-MX,es;q=0.9,en;q=0.8"), Some(Language::Es));
        assert_eq!(accepted("fr, en;q=0.5, es;q=0.7"), Some(Language::Es));
        assert_eq!(accepted("fr"), None);
        assert_eq!(accepted("es;q=0"), None);
        assert_eq!(accepted("en;q=x"), None);
    }
}
