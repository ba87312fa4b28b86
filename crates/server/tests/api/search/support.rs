//! Short ways of saying what these tests say often.

use charla_client::{Client, MessageSearch};
use charla_db::{Error, search};
use charla_protocol::messages::FoundMessage;
use charla_testing::TestServer;

/// What the query finds, the newest first; the first page.
pub(super) async fn find(client: &Client, q: &str) -> Vec<FoundMessage> {
    client.search_messages(&MessageSearch::of(q)).await.unwrap().results
}

/// The texts of what the query finds, the newest first.
pub(super) async fn texts(client: &Client, q: &str) -> Vec<String> {
    find(client, q).await.into_iter().map(|found| found.message.content).collect()
}

/// Puts into the index whatever is not in it, and comes back when that is done. The server does the same meanwhile.
pub(super) async fn index_all(server: &TestServer) {
    let db = &server.app.db;
    loop {
        let behind = search::behind(db.read()).await.unwrap();
        if behind.is_empty() {
            return;
        }
        for room in behind {
            match search::catch_up(db, &*server.app.clock, room).await {
                Ok(_) | Err(Error::Duplicate | Error::Busy(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}
