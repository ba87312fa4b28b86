//! Requests that are broken, rather than the files in them.

use charla_client::{Client, Method};
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::program::Program;

const UPLOADS: &str = "/api/v1/chat/uploads/";
const HEAD: &str = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
const MIB: usize = 1024 * 1024;

/// Sends them all, sees to it that each is refused, and says how many there were.
pub(crate) async fn refused(program: &Program, client: &Client) -> usize {
    let whole = |text: &str| vec![text.as_bytes().to_vec()];
    let much = |count: usize| vec![vec![b'x'; MIB]; count];
    let rows: Vec<(&str, Vec<Vec<u8>>, u16)> = vec![
        ("without end", [whole(HEAD), much(1)].concat(), 400),
        ("for ever", [whole(HEAD), much(40)].concat(), 413),
        ("for ever before the first part", much(40), 413),
        (
            "ten thousand parts",
            whole(&"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(10_000)),
            400,
        ),
        ("a head for ever", [whole("--XX\r\nX: "), much(20)].concat(), 400),
        (
            "a name for ever",
            [whole("--XX\r\nContent-Disposition: form-data; name=\""), much(1)].concat(),
            400,
        ),
        ("ten thousand lines", whole(&format!("--XX\r\n{}\r\n\r\n", "X: y\r\n".repeat(10_000))), 400),
        ("for ever behind the last part", [whole(&format!("{HEAD}x\r\n--XX--\r\n")), much(40)].concat(), 413),
    ];
    let count = rows.len();
    for (what, pieces, expected) in rows {
        let pieces = stream::iter(pieces).map(Ok::<_, std::io::Error>);
        let request = client.request_builder(Method::POST, UPLOADS).unwrap();
        let request = request.header("content-type", "multipart/form-data; boundary=XX");
        let answer = client
            .send_request(request.body(charla_client::reqwest::Body::wrap_stream(pieces)))
            .await
            .unwrap();
        assert_eq!(answer.status, expected, "{what}");
    }
    count + lies(program, client).await
}

/// Requests that say the wrong thing of their length.
async fn lies(program: &Program, client: &Client) -> usize {
    let token = client.tokens().unwrap().access;
    let rows = [
        ("too short", HEAD.len() + 100, format!("{HEAD}x"), "HTTP/1.1 400"),
        ("too long", HEAD.len(), format!("{HEAD}x\r\n--XX--\r\n"), "HTTP/1.1 400"),
        ("impossible", 1 << 60, HEAD.to_owned(), "HTTP/1.1 413"),
        ("a gigabyte", 1 << 30, HEAD.to_owned(), "HTTP/1.1 413"),
    ];
    let count = rows.len();
    for (what, length, body, expected) in rows {
        let mut socket = TcpStream::connect(program.address()).await.unwrap();
        let head = format!(
            "POST {UPLOADS} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\
             Content-Type: multipart/form-data; boundary=XX\r\n\r\n{body}",
            program.address()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(expected), "{what}: {answer}");
    }
    count
}
