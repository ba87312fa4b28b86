//! What is taken, under which name and as what, and what is not.

use charla_client::Door;
use charla_protocol::ErrorCode;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use futures_util::{StreamExt, TryStreamExt, stream};
use image::ImageFormat;
use reqwest::{Body, Method};
use serde_json::Value;

use super::support::{UPLOADS, form, form_body, get, picture, status};
use crate::support::refusal;

on_each_database! {
    async fn an_upload_is_its_uploaders_alone(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let file = ana.upload("año 1.txt", "hello").await.unwrap();
        assert_eq!((file.name.as_str(), file.size), ("año 1.txt", 5));
        assert_eq!(file.content_type, "text/plain; charset=utf-8");
        assert_eq!((file.width, &file.thumbnail_url, &file.thumbhash, file.duration), (None, &None, &None, None));
        let answer = get(&ana, &file.url).await;
        assert_eq!((answer.status, &answer.body[..]), (200, &b"hello"[..]));
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment;"));
        assert_eq!(status(&bob, &file.url).await, 404);
        assert_eq!(status(&server.anonymous(), &file.url).await, 401);
    }
}

/// Whoever chooses a file can say before it is sent that it is too large.
#[tokio::test]
async fn how_large_a_file_may_be_is_known_before() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.max_upload_size = 1_000).await;
    let (ana, _) = server.person("ana").await;
    assert_eq!(ana.me().await.unwrap().max_upload_size, 1_000);
    let mut socket = ana.socket(Door::All).await.unwrap();
    assert_eq!(socket.hello().await.unwrap().user.max_upload_size, 1_000);
    ana.upload("just.txt", "x".repeat(1_000)).await.unwrap();
    assert_eq!(refusal(ana.upload("more.txt", "x".repeat(1_001)).await), (413, ErrorCode::PayloadTooLarge));
}

/// Everything but a name that no folder, no line and no header can be made of.
#[tokio::test]
async fn names_are_harmless() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    for (name, expected) in [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("con", "con"),
        ("a%0D%0Ab.txt", "ab.txt"),
        ("\u{202E}gpj.exe", "gpj.exe"),
        ("..", "file"),
        ("", "file"),
        (&"x".repeat(300), &"x".repeat(255)),
    ] {
        let body = form_body(&format!("name=\"file\"; filename=\"{name}\""), b"text");
        let answer = ana.send_request(form(&ana, body)).await.unwrap();
        let file: Value = answer.json().unwrap();
        assert_eq!((answer.status, file["name"].as_str()), (201, Some(expected)), "{name}");
        assert_eq!(status(&ana, file["url"].as_str().unwrap()).await, 200, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_form_with_one_file_is_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let refused = async |request: reqwest::RequestBuilder| {
        let answer = ana.send_request(request).await.unwrap();
        let problem: Value = answer.json().unwrap();
        let field = problem["errors"]["file"][0].as_str().unwrap_or_default().to_owned();
        (answer.status, problem["code"].as_str().unwrap().to_owned(), field)
    };
    let expect = |status: u16, code: &str, field: &str| (status, code.to_owned(), field.to_owned());
    let part = |name: &str| form_body(&format!("name=\"{name}\"; filename=\"a\""), b"text");
    let two = [&part("file")[..part("file").len() - 4], b"\r\n", &part("file")[..]].concat();
    for (body, expected) in [
        (part("other"), expect(400, "validation_failed", "This is required.")),
        (
            form_body("name=\"file\"; filename=\"a\"", b""),
            expect(400, "validation_failed", "This file is empty."),
        ),
        (two, expect(400, "validation_failed", "Send one file at a time.")),
        (b"--XX--\r\n".to_vec(), expect(400, "validation_failed", "This is required.")),
        (b"nonsense".to_vec(), expect(400, "malformed_body", "")),
        (part("file")[..60].to_vec(), expect(400, "malformed_body", "")),
        (Vec::new(), expect(400, "malformed_body", "")),
        (b"--XX\r\n\r\n\r\n".repeat(10_000), expect(400, "malformed_body", "")),
    ] {
        assert_eq!(refused(form(&ana, body.clone())).await, expected, "{}", String::from_utf8_lossy(&body));
    }
    let plain = |kind: &str| {
        ana.request_builder(Method::POST, UPLOADS).unwrap().header("content-type", kind).body("{}")
    };
    assert_eq!(refused(plain("application/json")).await, expect(415, "unsupported_media_type", ""));
    assert_eq!(refused(plain("multipart/form-data")).await, expect(400, "malformed_body", ""));
    let bare = ana.request_builder(Method::POST, UPLOADS).unwrap();
    assert_eq!(refused(bare).await, expect(400, "validation_failed", "This is required."));
}

/// Whether the request says how long it is, or not.
#[tokio::test]
async fn a_file_has_so_many_bytes_at_most() {
    let server =
        TestServer::start_with(DatabaseKind::Sqlite, |config| config.max_upload_size = 100_000).await;
    let (ana, _) = server.person("ana").await;
    assert_eq!(ana.upload("a", vec![1; 100_000]).await.unwrap().size, 100_000);
    assert_eq!(refusal(ana.upload("a", vec![1; 100_001]).await), (413, ErrorCode::PayloadTooLarge));
    assert_eq!(refusal(ana.upload("a", vec![1; 3_000_000]).await), (413, ErrorCode::PayloadTooLarge));
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 10_000])).take(700);
    let head = form_body("name=\"file\"; filename=\"a\"", b"");
    let head = head[..head.len() - b"\r\n--XX--\r\n".len()].to_vec();
    let body = Body::wrap_stream(stream::iter([Ok(head)]).chain(endless));
    let answer = ana.send_request(form(&ana, body)).await.unwrap();
    assert_eq!(answer.status, 413);
    let incoming = server.db.data_dir().join("incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn nobody_uploads_without_an_account() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let stranger = server.anonymous();
    let answer = refusal(stranger.upload("a.png", picture(ImageFormat::Png, 300, 300)).await);
    assert_eq!(answer, (401, ErrorCode::NotAuthenticated));
    // The answer arrives although the file is not read.
    assert_eq!(refusal(stranger.upload("a", vec![0; 6_000_000]).await), (401, ErrorCode::NotAuthenticated));
}

#[tokio::test]
async fn a_file_is_streamed_from_the_disk_and_back() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bin");
    let content: Vec<u8> = (0..12_000_000_u32).map(|number| (number % 251) as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let file = ana.upload_file(&path).await.unwrap();
    assert_eq!((file.name.as_str(), file.size), ("large.bin", 12_000_000));
    let chunks: Vec<bytes::Bytes> = ana.download(&file.url).await.unwrap().try_collect().await.unwrap();
    assert!(chunks.concat() == content);
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(ana.upload_file(&path).await, Err(charla_client::Error::File(_))));
}
