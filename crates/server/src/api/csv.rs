//! Lists as CSV (RFC 4180), for spreadsheets.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// Rows of a document at most. What follows is named by `Link`.
pub const MAX_ROWS: u64 = 10_000;

/// In which form a list is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Json,
    Csv,
}

/// A document of a line of names and a line for each row. `next` is the address of what follows.
pub fn document<const N: usize>(
    names: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    next: Option<&str>,
) -> Response {
    let mut text = line(names);
    for row in rows {
        text += &line(row);
    }
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    let next = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(next) = next {
        headers.insert(header::LINK, next);
    }
    response
}

fn line<const N: usize>(cells: [impl AsRef<str>; N]) -> String {
    cells.map(|cell| quoted(cell.as_ref())).join(",") + "\r\n"
}

/// A cell. Spreadsheets take what begins like that for a formula: people choose their names.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        assert_eq!(line(["a", "b\"c", "d,e\nf"]), "\"a\",\"b\"\"c\",\"d,e\nf\"\r\n");
        assert_eq!(line(["=1+1", "-1"]), "\"'=1+1\",\"'-1\"\r\n");
    }
}
