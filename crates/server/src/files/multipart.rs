//! A `multipart/form-data` body (RFC 7578), part by part as it comes. It holds no more than a chunk and a head of a part.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, header};
use memchr::memmem;
use percent_encoding::percent_decode_str;

/// Bytes of the head of a part at most.
const MAX_HEAD: usize = 8 * 1024;
/// Parts of a body at most.
const MAX_PARTS: usize = 20;
/// Characters of a boundary at most (RFC 2046).
const MAX_BOUNDARY: usize = 70;

/// Why a body can't be read on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is no such body, or ends before its end, or has heads or parts past the bounds.
    Malformed,
    /// More bytes than it may have.
    TooLarge,
}

/// What a part says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    /// As the client calls it; empty where it says nothing.
    pub(super) file_name: String,
}

/// The boundary that a request names. None where the body is of another type.
pub(super) fn boundary(headers: &HeaderMap) -> Option<Result<String, Broken>> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary");
    let fits = |boundary: &String| (1..=MAX_BOUNDARY).contains(&boundary.len()) && boundary.is_ascii();
    Some(boundary.filter(fits).ok_or(Broken::Malformed))
}

/// A body under way.
pub(super) struct Multipart<S> {
    chunks: S,
    /// Bytes that may still come.
    left: u64,
    buffer: BytesMut,
    delimiter: Vec<u8>,
    parts: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In the data of a part, or before the first.
    Data,
    /// Behind a delimiter.
    Delimited,
    Ended,
}

impl<S, E> Multipart<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    /// `limit` is how many bytes the body may have in all.
    pub(super) fn new(chunks: S, boundary: &str, limit: u64) -> Self {
        Self {
            chunks,
            left: limit,
            // The first delimiter has no line end before it.
            buffer: BytesMut::from(&b"\r\n"[..]),
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            parts: 0,
            state: State::Data,
        }
    }

    /// The head of the next part; what is left of the one before is skipped. None behind the last.
    pub(super) async fn next(&mut self) -> Result<Option<Head>, Broken> {
        while self.chunk().await?.is_some() {}
        if self.state == State::Ended {
            return Ok(None);
        }
        self.want(2).await?;
        if self.buffer.starts_with(b"--") {
            self.state = State::Ended;
            return Ok(None);
        }
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(Broken::Malformed);
        }
        let head = self.head().await?;
        self.state = State::Data;
        Ok(Some(head))
    }

    /// The next bytes of the part, never none; None at its end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Broken> {
        if self.state != State::Data {
            return Ok(None);
        }
        loop {
            match memmem::find(&self.buffer, &self.delimiter) {
                Some(0) => {
                    let _delimiter = self.buffer.split_to(self.delimiter.len());
                    self.state = State::Delimited;
                    return Ok(None);
                }
                Some(at) => return Ok(Some(self.buffer.split_to(at).freeze())),
                None => {}
            }
            // The last bytes may be the beginning of a delimiter.
            let sure = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.fill().await?;
        }
    }

    /// Reads to the end of the body and forgets it.
    pub(super) async fn finish(&mut self) -> Result<(), Broken> {
        self.buffer.clear();
        while let Some(chunk) = self.chunks.next().await {
            self.count(&chunk.map_err(|_| Broken::Malformed)?)?;
        }
        Ok(())
    }

    async fn head(&mut self) -> Result<Head, Broken> {
        let mut searched = 0;
        // White space behind the delimiter, the line's end, the lines of the head, an empty line.
        let end = loop {
            if let Some(at) = memmem::find(&self.buffer[searched..], b"\r\n\r\n") {
                break searched + at;
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(Broken::Malformed);
            }
            searched = self.buffer.len().saturating_sub(3);
            self.fill().await?;
        };
        if end > MAX_HEAD {
            return Err(Broken::Malformed);
        }
        let bytes = self.buffer.split_to(end + 4);
        let text = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = text.split("\r\n");
        if !lines.next().is_some_and(|rest| rest.trim().is_empty()) {
            return Err(Broken::Malformed);
        }
        Ok(lines.find_map(disposition).unwrap_or_default())
    }

    async fn want(&mut self, length: usize) -> Result<(), Broken> {
        while self.buffer.len() < length {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Broken> {
        match self.chunks.next().await {
            Some(Ok(chunk)) => {
                self.count(&chunk)?;
                self.buffer.extend_from_slice(&chunk);
                Ok(())
            }
            Some(Err(_)) | None => Err(Broken::Malformed),
        }
    }

    fn count(&mut self, chunk: &Bytes) -> Result<(), Broken> {
        self.left = self.left.checked_sub(chunk.len() as u64).ok_or(Broken::TooLarge)?;
        Ok(())
    }
}

/// Reads a `Content-Disposition` line.
fn disposition(line: &str) -> Option<Head> {
    let (name, value) = line.split_once(':')?;
    if !name.trim().eq_ignore_ascii_case("content-disposition") {
        return None;
    }
    let (kind, parameters) = value.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let exact = parameter(parameters, "filename*").and_then(|value| {
        let encoded = value.splitn(3, '\'').nth(2)?;
        Some(percent_decode_str(encoded).decode_utf8_lossy().into_owned())
    });
    let plain = || parameter(parameters, "filename").map(|name| unescaped(&name));
    Some(Head {
        name: parameter(parameters, "name").unwrap_or_default(),
        file_name: exact.or_else(plain).unwrap_or_default(),
    })
}

/// Browsers write these three so (<https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data>).
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// The value of a parameter, in quotes or not.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        let (name, behind) = rest.split_once('=')?;
        let (value, behind) = value(behind);
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind;
    }
}

/// A value, and what comes behind it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.trim_start().strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            // Only what has to be escaped is: a path of Windows keeps its backslashes.
            '\\' if quoted[at + 1..].starts_with(['"', '\\']) => {
                value.extend(characters.next().map(|(_, c)| c));
            }
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use proptest::prelude::*;

    use super::*;

    type Parts = Vec<(Head, Vec<u8>)>;

    /// Reads a body that comes in pieces of so many bytes.
    fn read(body: &[u8], piece: usize, limit: u64) -> Result<Parts, Broken> {
        let chunks: Vec<Result<Bytes, ()>> =
            body.chunks(piece).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        let mut multipart = Multipart::new(stream::iter(chunks), "XX", limit);
        let reading = async {
            let mut parts = Vec::new();
            while let Some(head) = multipart.next().await? {
                let mut data = Vec::new();
                while let Some(chunk) = multipart.chunk().await? {
                    assert!(!chunk.is_empty());
                    data.extend_from_slice(&chunk);
                }
                parts.push((head, data));
            }
            multipart.finish().await?;
            Ok(parts)
        };
        futures_util::FutureExt::now_or_never(reading).unwrap()
    }

    fn head(name: &str, file_name: &str) -> Head {
        Head { name: name.to_owned(), file_name: file_name.to_owned() }
    }

    fn body(data: &[u8]) -> Vec<u8> {
        let mut body =
            b"preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfirst\r\n--XX \r\n\
            content-type: text/html\r\ncontent-disposition: form-data; name=file; filename=\"x.txt\"\r\n\r\n"
                .to_vec();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\r\n--XX--\r\nepilogue");
        body
    }

    proptest! {
        #[test]
        fn parts_are_found_however_they_are_cut(
            data in "[\r\n\\-X]{0,40}".prop_filter("no delimiter of its own", |data| !format!("\r\n{data}\r\n").contains("\r\n--XX")),
            piece in 1..50_usize,
        ) {
            let expected = vec![
                (head("a", ""), b"first".to_vec()),
                (head("file", "x.txt"), data.clone().into_bytes()),
            ];
            prop_assert_eq!(read(&body(data.as_bytes()), piece, 1000), Ok(expected));
        }

        #[test]
        fn nonsense_ends_in_an_error(data in proptest::collection::vec(any::<u8>(), 0..200), piece in 1..50_usize) {
            prop_assert!(read(&data, piece, 1000).is_err());
        }
    }

    #[test]
    fn what_has_no_end_is_malformed() {
        let whole = body(b"data");
        let end = whole.len() - b"--\r\nepilogue".len();
        for length in 0..end {
            assert_eq!(read(&whole[..length], 7, 1000), Err(Broken::Malformed), "{length}");
        }
    }

    #[test]
    fn everything_has_a_bound() {
        assert_eq!(read(&body(&[b'x'; 500]), 100, 400), Err(Broken::TooLarge));
        let many = b"--XX\r\n\r\n\r\n".repeat(MAX_PARTS + 1);
        assert_eq!(read(&many, 100, 100_000), Err(Broken::Malformed));
        let mut long = b"--XX\r\nx: ".to_vec();
        long.extend(vec![b'y'; 50_000]);
        assert_eq!(read(&long, 100, 100_000), Err(Broken::Malformed));
    }

    #[test]
    fn names_of_files() {
        for (line, expected) in [
            (r#"Content-Disposition: form-data; name="file"; filename="a b.txt""#, "a b.txt"),
            (r#"Content-Disposition: form-data; filename="a;b=\"c\\d.txt"; name="file""#, "a;b=\"c\\d.txt"),
            (r#"Content-Disposition: form-data; name="file"; filename="C:\x\y.txt""#, r"C:\x\y.txt"),
            (r#"Content-Disposition: form-data; name="file"; filename="%22%0D.txt""#, "\"\r.txt"),
            ("Content-Disposition: form-data; name=file; filename=a; filename*=UTF-8''a%C3%B1o", "año"),
            (r#"Content-Disposition: form-data; name="file""#, ""),
            (r#"Content-Disposition: form-data; name="file"; filename="open"#, "open"),
        ] {
            assert_eq!(disposition(line), Some(head("file", expected)), "{line}");
        }
        assert_eq!(disposition("Content-Disposition: attachment; name=\"file\""), None);
        assert_eq!(disposition("Content-Type: text/plain"), None);
    }

    #[test]
    fn boundaries() {
        let of = |value: &'static str| {
            boundary(&HeaderMap::from_iter([(header::CONTENT_TYPE, http::HeaderValue::from_static(value))]))
        };
        assert_eq!(of("multipart/form-data; boundary=\"a b\"; x=y"), Some(Ok("a b".to_owned())));
        assert_eq!(of("Multipart/Form-Data;boundary=ab"), Some(Ok("ab".to_owned())));
        assert_eq!(of("multipart/form-data"), Some(Err(Broken::Malformed)));
        assert_eq!(of("multipart/form-data; boundary="), Some(Err(Broken::Malformed)));
        assert_eq!(of("application/json"), None);
        assert_eq!(boundary(&HeaderMap::new()), None);
    }
}
