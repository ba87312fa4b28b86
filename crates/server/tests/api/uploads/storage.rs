//! What the storage promises, in a folder and on S3.

use std::io::Write;

use charla_client::{Client, RawResponse, reqwest};
use charla_db::tables::files::Copy;
use charla_protocol::rooms::Visibility;
use charla_server::{
    jobs::cleanup,
    storage::{Content, Label, Storage},
};
use charla_testing::{DatabaseKind, TestServer, s3_url};
use futures_util::TryStreamExt;
use image::ImageFormat;
use uuid::Uuid;

use super::support::{contains, get, picture, send_files, status, with_exif};

/// More than one part.
const LARGE: usize = 12_000_000;

fn label() -> Label {
    Label { content_type: "text/plain".to_owned(), disposition: "attachment; filename=\"a.txt\"".to_owned() }
}

async fn read(storage: &Storage, id: Uuid, range: std::ops::Range<u64>) -> Option<Vec<u8>> {
    let chunks = storage.get(id, Copy::Whole, range).await.unwrap()?;
    Some(chunks.try_collect::<Vec<_>>().await.unwrap().concat())
}

/// The same for both.
async fn keeps_its_promise(storage: Storage) {
    storage.ping().await.unwrap();
    let id = Uuid::new_v4();
    let put = async |copy, content| storage.put(id, copy, content, &label()).await;
    assert_eq!(read(&storage, id, 0..4).await, None);
    put(Copy::Whole, Content::Bytes(b"0123456789".to_vec().into())).await.unwrap();
    assert_eq!(read(&storage, id, 0..10).await.unwrap(), b"0123456789");
    assert_eq!(read(&storage, id, 3..5).await.unwrap(), b"34");
    put(Copy::Whole, Content::Bytes(b"other".to_vec().into())).await.unwrap();
    assert_eq!(read(&storage, id, 0..5).await.unwrap(), b"other", "replaced");
    put(Copy::Small, Content::Bytes(b"small".to_vec().into())).await.unwrap();
    let content: Vec<u8> = (0..LARGE).map(|number| (number % 251) as u8).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    put(Copy::Large, Content::File(file, LARGE as u64)).await.unwrap();
    let chunks = storage.get(id, Copy::Large, 0..LARGE as u64).await.unwrap().unwrap();
    assert!(chunks.try_collect::<Vec<_>>().await.unwrap().concat() == content);
    storage.delete(id).await.unwrap();
    storage.delete(id).await.unwrap();
    for copy in Copy::ALL {
        assert!(storage.get(id, copy, 0..1).await.unwrap().is_none(), "{copy:?}");
    }
    // A file that can't be read any more, after it was begun.
    let folder = tempfile::tempdir().unwrap();
    let broken = std::fs::File::create(folder.path().join("write-only")).unwrap();
    put(Copy::Whole, Content::File(broken, LARGE as u64)).await.unwrap_err();
    assert_eq!(read(&storage, id, 0..1).await, None, "nothing is left");
}

#[tokio::test]
async fn a_folder_keeps_its_promise() {
    let folder = tempfile::tempdir().unwrap();
    keeps_its_promise(Storage::open(&format!("file://{}", folder.path().display())).unwrap()).await;
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|name| name.unwrap().file_name()).collect();
    assert_eq!(names, ["ready"], "nor anything half written");
}

/// As a node leaves it that dies while it writes: `object_store` writes beside the file, and renames.
#[tokio::test]
async fn what_was_half_written_goes_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open(&format!("file://{}", folder.path().display())).unwrap();
    let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
    for name in [
        format!("{id}#1"),
        format!("{id}#2"),
        format!("{id}-small#1"),
        format!("{other}"),
        format!("{other}#1"),
    ] {
        std::fs::write(folder.path().join(name), b"half").unwrap();
    }
    storage.delete(id).await.unwrap();
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|name| name.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.to_string_lossy().starts_with(&other.to_string())));
    storage.delete(other).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn s3_keeps_its_promise() {
    keeps_its_promise(Storage::open(&s3_url()).unwrap()).await;
}

#[tokio::test]
async fn a_link_says_what_the_file_is_and_serves_parts() {
    let storage = Storage::open(&s3_url()).unwrap();
    let id = Uuid::new_v4();
    storage.put(id, Copy::Whole, Content::Bytes(b"0123456789".to_vec().into()), &label()).await.unwrap();
    let link = storage.link(reqwest::Method::GET, id, Copy::Whole).await.unwrap().unwrap();
    assert_eq!(storage.link_origin().await, Some(&*link.origin().ascii_serialization()));
    let anybody = reqwest::Client::new();
    let answer = anybody.get(link.clone()).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"a.txt\"");
    assert_eq!(answer.bytes().await.unwrap(), "234");
    let (rest, signature) = link.as_str().split_once("X-Amz-Signature=").unwrap();
    let forged = format!("{rest}X-Amz-Signature={}", "0".repeat(signature.len()));
    assert_eq!(anybody.get(forged).send().await.unwrap().status(), 403);
}

/// Follows the way to the storage, if there is one.
async fn fetched(client: &Client, url: &str) -> RawResponse {
    let answer = get(client, url).await;
    assert_eq!(answer.status, 302, "{url}");
    assert!(answer.header("cache-control").unwrap().contains("private"));
    let elsewhere = reqwest::get(answer.header("location").unwrap()).await.unwrap();
    let (status, headers) = (elsewhere.status().as_u16(), elsewhere.headers().clone());
    RawResponse { status, headers, body: elsewhere.bytes().await.unwrap() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_on_s3_are_sent_seen_and_deleted() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.storage_url = s3_url()).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let (eve, _) = server.person("eve").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let image = ana.upload("a.jpg", with_exif(&picture(ImageFormat::Jpeg, 900, 300), 1)).await.unwrap();
    let page = ana.upload("a.html", "<html><script>").await.unwrap();
    assert_eq!([status(&ana, &image.url).await, status(&bob, &image.url).await], [302, 404]);
    let sent = send_files(&ana, room, &[image.id, page.id]).await;
    assert_eq!(status(&eve, &image.url).await, 404);
    let seen = fetched(&bob, &image.url).await;
    assert_eq!((seen.status, seen.header("content-type")), (200, Some("image/jpeg")));
    assert!(
        !contains(&seen.body, "PLACE") && seen.header("content-disposition").unwrap().starts_with("inline")
    );
    let small = fetched(&bob, image.thumbnail_url.as_ref().unwrap()).await;
    assert_eq!(image::load_from_memory(&small.body).unwrap().width(), 320);
    let page_seen = fetched(&bob, &page.url).await;
    assert!(page_seen.header("content-disposition").unwrap().starts_with("attachment"));
    let chunks: Vec<bytes::Bytes> = bob.download(&image.url).await.unwrap().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), seen.body);
    let link = get(&bob, &image.url).await.header("location").unwrap().to_owned();
    ana.delete_message(sent.id).await.unwrap();
    assert_eq!(status(&bob, &image.url).await, 404);
    assert_eq!(cleanup::pass(&server.app).await.unwrap(), 2);
    assert_eq!(reqwest::get(&link).await.unwrap().status(), 404, "the bytes are gone");
}

/// Pages may show what comes from there, and nothing from elsewhere.
#[tokio::test]
async fn the_policy_names_the_storage() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.storage_url = s3_url()).await;
    let page = get(&server.anonymous(), "/").await;
    let origin = server.app.storage.link_origin().await.unwrap();
    // Where the web client has not been built there is no page.
    if page.status == 200 {
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains(&format!("img-src 'self' data: blob: {origin};")), "{policy}");
    }
}
