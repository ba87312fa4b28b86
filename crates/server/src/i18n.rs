//! The words people see from the server, in English and Spanish: Fluent dictionaries in `locales/`.

use std::{borrow::Cow, collections::HashMap};

use charla_protocol::{ErrorCode, users::Language};
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
        args.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::try_number(value))).collect();
    LOCALES.try_lookup_with_args(identifier(language), key, &args).unwrap_or_else(|| key.to_owned())
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
