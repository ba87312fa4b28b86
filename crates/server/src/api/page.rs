//! Pages of lists: limits, opaque cursors, and the addresses of the neighbours.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use charla_db::queries::paging::{Ask, Ends, Seek};
use charla_protocol::{ErrorCode, List};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::{
    auth::ClientInfo,
    error::{Error, FieldError, Result},
    text,
};

/// Results of a page where the caller does not say.
const DEFAULT_LIMIT: u64 = 50;
const MAX_LIMIT: u64 = 200;
/// Characters to search for: no name has more.
const MAX_SEARCH: usize = 100;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    pub cursor: Option<String>,
}

impl Paging {
    /// Which page that is.
    ///
    /// # Errors
    /// `validation_failed`, `invalid_cursor`.
    pub fn ask<P: DeserializeOwned>(&self) -> Result<Ask<P>> {
        ask(self.limit, self.cursor.as_deref())
    }
}

/// Checks `?limit=`.
///
/// # Errors
/// `validation_failed` outside 1 to 200.
pub fn limit(limit: Option<i64>) -> Result<u64> {
    match limit.map(u64::try_from) {
        None => Ok(DEFAULT_LIMIT),
        Some(Ok(limit @ 1..=MAX_LIMIT)) => Ok(limit),
        Some(_) => Err(Error::fields(vec![
            FieldError::new("limit", "out_of_range").with("min", 1).with("max", MAX_LIMIT),
        ])),
    }
}

/// Checks `?search=`, and gives it without what can't be seen.
///
/// # Errors
/// `validation_failed` where it is longer than any name.
pub fn search_text(search: &str) -> Result<String> {
    let text = text::clean_line(search);
    if text.chars().count() > MAX_SEARCH {
        return Err(Error::fields(vec![FieldError::new("search", "too_long").with("max", MAX_SEARCH)]));
    }
    Ok(text)
}

/// Reads `?cursor=`.
///
/// # Errors
/// `invalid_cursor`.
pub fn read_cursor<T: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<T>> {
    let invalid = || Error::new(ErrorCode::InvalidCursor);
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| invalid())
}

/// Checks the text in a position: what no folded name has, a database may not take.
///
/// # Errors
/// `invalid_cursor`.
pub fn check_position(text: &str) -> Result<()> {
    if text.chars().any(char::is_control) {
        return Err(Error::new(ErrorCode::InvalidCursor));
    }
    Ok(())
}

/// Which page `?limit=` and `?cursor=` ask for.
///
/// # Errors
/// `validation_failed`, `invalid_cursor`.
pub fn ask<P: DeserializeOwned>(limit: Option<i64>, cursor: Option<&str>) -> Result<Ask<P>> {
    Ok(Ask { limit: self::limit(limit)?, seek: read_cursor(cursor)?.unwrap_or(Seek::First) })
}

/// Makes a cursor of a position.
pub fn write_cursor(position: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// The address of a page as the client reaches it: absolute where its host is known.
pub fn address(client: &ClientInfo, path: &str, parameters: &[(&str, String)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{}{path}?{query}", client.origin().unwrap_or_default())
}

/// A page of a list, with the ways to its neighbours.
pub fn list<T, P: Serialize>(
    client: &ClientInfo,
    path: &str,
    results: Vec<T>,
    ends: Ends<P>,
    parameters: &[(&str, String)],
) -> List<T> {
    let at = |seek: Seek<P>| {
        let mut parameters = parameters.to_vec();
        parameters.push(("cursor", write_cursor(&seek)));
        address(client, path, &parameters)
    };
    let Ends { previous, next } = ends;
    List {
        results,
        next: next.map(|end| at(Seek::After(end))),
        previous: previous.map(|end| at(Seek::Before(end))),
    }
}
