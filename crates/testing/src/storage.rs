//! A place of a test's own on a throw-away S3 server.

use std::sync::OnceLock;

use charla_services::{Options, S3};

static SERVER: OnceLock<(S3, String)> = OnceLock::new();

/// The `STORAGE_URL` of an empty place: on the server that `with-services` has started, else on one of this process.
///
/// # Panics
/// Where the server can't be started.
pub fn s3_url() -> String {
    let server = std::env::var("TEST_S3_URL").unwrap_or_else(|_| SERVER.get_or_init(start).1.clone());
    let place = uuid::Uuid::new_v4().simple().to_string();
    server.replacen('?', &format!("/{place}?"), 1)
}

fn start() -> (S3, String) {
    let server = S3::start(&Options::default()).expect("an S3 server can be started");
    let url = server.url();
    (server, url)
}
