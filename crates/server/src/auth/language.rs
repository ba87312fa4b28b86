//! The language a request is answered in.

use std::sync::{Arc, OnceLock};

use charla_protocol::users::Language;
use http::HeaderMap;

use crate::i18n;

/// The language of one request. Copies share it: the `Caller` extractor, deep inside, adds what the account has chosen,
/// and the middleware that puts errors into words, far outside, reads it afterwards.
#[derive(Clone, Debug, Default)]
pub struct RequestLanguage {
    accepted: Option<Language>,
    account: Arc<OnceLock<Language>>,
}

impl RequestLanguage {
    /// What `Accept-Language` asks for.
    pub fn of(headers: &HeaderMap) -> Self {
        Self { accepted: i18n::accepted(headers), account: Arc::default() }
    }

    /// What the account has chosen, if anything. The first one stays.
    pub fn set_account(&self, language: Option<Language>) {
        if let Some(language) = language {
            self.account.get_or_init(|| language);
        }
    }

    /// The account's language, else what `Accept-Language` asks for, else English.
    pub fn get(&self) -> Language {
        self.account.get().copied().or(self.accepted).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    #[test]
    fn the_account_comes_first_then_the_header_then_english() {
        let mut headers = HeaderMap::new();
        assert_eq!(RequestLanguage::of(&headers).get(), Language::En);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("es"));
        let outer = RequestLanguage::of(&headers);
        let inner = outer.clone();
        inner.set_account(None);
        assert_eq!(outer.get(), Language::Es);
        inner.set_account(Some(Language::En));
        assert_eq!(outer.get(), Language::En);
    }
}
