//! `/media/`.

use charla_db::{
    queries::demo::{self, Community},
    tables::files::{self, Copy, Purpose},
};
use charla_protocol::{MessageId, UserId, rooms::Visibility};
use charla_server::storage::Content;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use reqwest::{
    Method,
    header::{IF_NONE_MATCH, RANGE},
};
use uuid::Uuid;

use crate::{
    support::say,
    uploads::support::{get, status},
};

const BYTES: &[u8] = b"0123456789";

/// Keeps a file as if it had been uploaded, and gives its address.
async fn keep(
    server: &TestServer,
    uploader: UserId,
    message: Option<MessageId>,
    name: &str,
    kind: &str,
) -> String {
    let file = files::Model {
        message_id: message.map(|id| id.0),
        name: name.to_owned(),
        size: BYTES.len() as i64,
        content_type: kind.to_owned(),
        ..files::Model::blank(Uuid::new_v4(), uploader.0, Purpose::Attachment, 0)
    };
    let label = charla_server::files::label(&file, Copy::Whole).unwrap();
    let content = Content::Bytes(BYTES.into());
    server.app.storage.put(file.id, Copy::Whole, content, &label).await.unwrap();
    let url = file.url();
    let tx = server.app.db.begin().await.unwrap();
    demo::insert(&tx, Community { files: vec![file], ..Community::default() }).await.unwrap();
    tx.commit().await.unwrap();
    url
}

on_each_database! {
    async fn a_file_is_seen_by_those_who_see_its_message(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (ben, ben_me) = server.person("ben").await;
        let (cleo, _) = server.person("cleo").await;
        let room = server.group(&ana, Visibility::Public, &[&ben_me]).await.id;
        let message = say(&ana, room, "look").await.id;
        let waiting = keep(&server, me.user.id, None, "a.png", "image/png").await;
        let claimed = keep(&server, me.user.id, Some(message), "b.png", "image/png").await;
        let seen = async |url: &str| {
            [status(&ana, url).await, status(&ben, url).await, status(&cleo, url).await]
        };
        assert_eq!(seen(&waiting).await, [200, 404, 404]);
        assert_eq!(seen(&claimed).await, [200, 200, 404]);
        assert_eq!(status(&server.anonymous(), &claimed).await, 401);
        ben.clear_history(room).await.unwrap();
        assert_eq!(seen(&claimed).await, [200, 404, 404]);
        ana.delete_message(message).await.unwrap();
        assert_eq!(seen(&claimed).await, [404, 404, 404]);
    }
}

#[tokio::test]
async fn what_a_browser_is_told_of_a_file() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, me) = server.person("ana").await;
    let page = keep(&server, me.user.id, None, "año.html", "text/html").await;
    let answer = get(&ana, &page).await;
    assert_eq!((answer.status, &answer.body[..]), (200, BYTES));
    for (name, expected) in [
        ("content-type", "text/html"),
        ("content-length", "10"),
        ("content-disposition", "attachment; filename=\"a_o.html\"; filename*=UTF-8''a%C3%B1o.html"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=3600, immutable"),
    ] {
        assert_eq!(answer.header(name), Some(expected), "{name}");
    }
    let picture = keep(&server, me.user.id, None, "a.png", "image/png").await;
    assert_eq!(get(&ana, &picture).await.header("content-disposition"), Some("inline; filename=\"a.png\""));
    let head = ana.request(Method::HEAD, &picture, None).await.unwrap();
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("10"), 0));
}

#[tokio::test]
async fn parts_of_a_file() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, me) = server.person("ana").await;
    let url = keep(&server, me.user.id, None, "a.mp4", "video/mp4").await;
    let part = async |range: &str| {
        let request = ana.request_builder(Method::GET, &url).unwrap().header(RANGE, range);
        ana.send_request(request).await.unwrap()
    };
    for (range, bounds, bytes) in [("bytes=2-4", "bytes 2-4/10", "234"), ("bytes=-2", "bytes 8-9/10", "89")] {
        let answer = part(range).await;
        assert_eq!((answer.status, &answer.body[..]), (206, bytes.as_bytes()), "{range}");
        assert_eq!(answer.header("content-range"), Some(bounds));
    }
    let past = part("bytes=10-").await;
    assert_eq!((past.status, past.header("content-range")), (416, Some("bytes */10")));
    assert_eq!(past.json::<serde_json::Value>().unwrap()["code"], "range_not_satisfiable");
    let whole = part("bytes=0-1,3-4").await;
    assert_eq!((whole.status, &whole.body[..]), (200, BYTES));
    let etag = whole.header("etag").unwrap().to_owned();
    let again = ana.request_builder(Method::GET, &url).unwrap().header(IF_NONE_MATCH, &etag);
    let known = ana.send_request(again).await.unwrap();
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(&*etag)));
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, me) = server.person("ana").await;
    for url in [format!("/media/{}/a.png", Uuid::new_v4()), "/media/nothing/a.png".to_owned()] {
        assert_eq!(status(&ana, &url).await, 404, "{url}");
    }
    let url = keep(&server, me.user.id, None, "a.png", "image/png").await;
    let id: Uuid = url.split('/').nth(2).unwrap().parse().unwrap();
    let folder = server.db.storage_url();
    std::fs::remove_file(format!("{}/{id}", folder.trim_start_matches("file://"))).unwrap();
    assert_eq!(status(&ana, &url).await, 404, "the storage has lost it");
}
