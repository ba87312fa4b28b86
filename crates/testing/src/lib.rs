//! What tests stand on: throw-away databases, a server in the process, a clock in the hand, people with names.

mod clock;
mod database;
pub mod history;
mod people;
mod png;
mod search_index;
mod server;
mod statements;
mod storage;

pub use clock::ManualClock;
pub use database::{DatabaseKind, TestDb};
pub use people::{make_group, sign_up};
pub use png::png_chunk;
pub use search_index::search_index;
pub use server::{PASSWORD, Settings, TestServer};
pub use statements::{Held, Statements};
pub use storage::s3_url;

/// Runs a test on SQLite, PostgreSQL and MariaDB: `on_each_database! { async fn name(server: TestServer) { … } }`.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$doc:meta])* async fn $name:ident($server:ident: $type:ty) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn run($server: $type) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::TestServer::start($crate::DatabaseKind::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::TestServer::start($crate::DatabaseKind::Postgres).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn mariadb() {
                run($crate::TestServer::start($crate::DatabaseKind::MariaDb).await).await;
            }
        }
    )+};
}
