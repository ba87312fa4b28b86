//! Files that mean harm, sent to the real program: each is refused, or kept where it does none; and the memory is bounded.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod hostile {
    pub(crate) mod bodies;
    pub(crate) mod boxes;
    pub(crate) mod pictures;
    pub(crate) mod sounds;
    pub(crate) mod texts;
}
mod support {
    pub(crate) mod program;
}

use charla_client::{Client, Method, RawResponse};
use charla_testing::DatabaseKind;

use hostile::{bodies, boxes, pictures, sounds, texts};
use support::program::Program;

/// What a file may come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Refused with this code.
    Refused(&'static str),
    /// Kept as this type, and served as what it is: shown in place only where it can't run anything.
    Kept(&'static str),
    /// Either: nothing but that it does no harm is promised.
    Harmless,
}

/// A name, the bytes, and what becomes of them.
pub(crate) type Row = (&'static str, Vec<u8>, Fate);

/// MiB that the server may have at most: the largest picture takes 200 while it is decoded, one at a time, and the allocator gives
/// back those of the ones before with a delay.
const MEMORY: u64 = 768;

/// What a browser shows in place, of which none runs a script.
const SHOWN: [&str; 5] = ["image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_files_do_no_harm_and_take_bounded_memory() {
    let program = Program::start(DatabaseKind::Sqlite).await;
    let (ana, _) = program.person("ana").await;
    let before = program.peak_memory();
    let mut rows = 0;
    for table in [pictures::rows(), texts::rows(), boxes::rows(), sounds::rows()] {
        for (number, (name, bytes, fate)) in table.into_iter().enumerate() {
            // No more than a hundred files wait for an account.
            let (guest, _) = program.person(&format!("guest-{rows}-{number}")).await;
            send(&guest, name, bytes, fate).await;
            rows += 1;
        }
    }
    let after_table = program.peak_memory();
    let largest = pictures::largest();
    let crowd = (0..6).map(|_| ana.upload("large.png", largest.clone()));
    for uploaded in futures_util::future::join_all(crowd).await {
        uploaded.unwrap();
    }
    let after_crowd = program.peak_memory();
    rows += bodies::refused(&program, &ana).await;
    let after_bodies = program.peak_memory();
    println!(
        "{rows} hostile uploads; peak memory: {before} MiB before, {after_table} after the files, \
         {after_crowd} after six of the largest pictures at once, {after_bodies} after the broken bodies"
    );
    assert!(rows >= 60, "{rows}");
    assert!(after_bodies < MEMORY, "{after_bodies} MiB");
    assert_eq!(get(&ana, "/readyz").await.status, 200, "it goes on");
}

async fn get(client: &Client, path: &str) -> RawResponse {
    client.request(Method::GET, path, None).await.unwrap()
}

async fn send(client: &Client, name: &str, bytes: Vec<u8>, fate: Fate) {
    let answer = client.upload(name, bytes).await;
    let file = match (answer, fate) {
        (Ok(file), Fate::Kept(kind)) => {
            assert_eq!(file.content_type, kind, "{name}");
            file
        }
        (Ok(file), Fate::Harmless) => file,
        (Err(error), Fate::Refused(code)) => {
            assert_eq!(error.code().map(|code| code.as_str()), Some(code), "{name}: {error}");
            return;
        }
        (Err(error), Fate::Harmless) => {
            assert!(matches!(error.status(), Some(400 | 413)), "{name}: {error}");
            return;
        }
        (other, fate) => panic!("{name}: {other:?} is not {fate:?}"),
    };
    let answer = get(client, &file.url).await;
    assert_eq!(answer.status, 200, "{name}");
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("x-content-type-options"), "nosniff", "{name}");
    assert!(header("content-security-policy").contains("sandbox"), "{name}");
    let kind = header("content-type");
    let is_shown = SHOWN.contains(&&*kind) || kind.starts_with("audio/") || kind.starts_with("video/");
    let disposition = header("content-disposition");
    assert_eq!(disposition.starts_with("inline"), is_shown, "{name}: {kind}, {disposition}");
    let is_picture = kind.starts_with("image/") && is_shown;
    let hides = |word: &[u8]| answer.body.windows(word.len()).any(|window| window == word);
    assert!(!is_picture || !hides(b"<script"), "{name} still has a script in it");
}
