use futures_util::TryStreamExt;

use super::*;

#[test]
fn what_is_no_storage_is_refused_and_secrets_are_not_told() {
    for url in [
        "file://",
        "data/media",
        "ftp://key:secret@host",
        "s3://key:secret@bucket?colour=red",
        "s3://key:secret@",
        "s3://key:%ff@bucket/secret",
    ] {
        let error = format!("{:#}", Storage::open(url).unwrap_err());
        assert!(error.starts_with("STORAGE_URL") && !error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_folder_is_made_and_has_no_links() {
    let folder = tempfile::tempdir().unwrap();
    let storage =
        Storage::open(&format!("file://{}", folder.path().join("made/of/parts").display())).unwrap();
    let label = Label { content_type: "text/plain".to_owned(), disposition: "attachment".to_owned() };
    let content = || Content::Bytes(Bytes::from_static(b"0123"));
    storage.put(Uuid::nil(), Copy::Whole, content(), &label).await.unwrap();
    let chunks = storage.get(Uuid::nil(), Copy::Whole, 1..3).await.unwrap().unwrap();
    assert_eq!(chunks.try_collect::<Vec<_>>().await.unwrap().concat(), b"12");
    assert_eq!(storage.link(Method::GET, Uuid::nil(), Copy::Whole).await.unwrap(), None);
    assert_eq!(storage.link_origin().await, None);
}

#[tokio::test]
async fn links_lead_to_the_bucket() {
    for (url, origin) in [
        ("s3://k:s@b/p?region=eu-west-1", "https://s3.eu-west-1.amazonaws.com"),
        ("s3://k:s@b/p?region=eu-west-1&virtual_hosted=true", "https://b.s3.eu-west-1.amazonaws.com"),
        ("s3://k:s@b?endpoint=http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    ] {
        let storage = Storage::open(url).unwrap();
        assert_eq!(storage.link_origin().await, Some(origin), "{url}");
    }
}
