//! What is edited and deleted.

use charla_db::{Connection, search};
use charla_protocol::rooms::Visibility;
use charla_testing::{TestServer, on_each_database};
use sea_orm::{
    QueryResult,
    sea_query::{Alias, Query},
};

use super::support::{index_all, texts};
use crate::support::say;

/// The words that stand in the index, without the marks.
async fn words(server: &TestServer) -> Vec<String> {
    let mut select = Query::select();
    select.from(Alias::new("search_words")).column(Alias::new("word"));
    let rows = server.app.db.read().query_all(&select).await.unwrap();
    let word = |row: &QueryResult| row.try_get::<String>("", "word").unwrap();
    let mut words: Vec<String> = rows.iter().map(word).filter(|word| !word.starts_with(':')).collect();
    words.sort();
    words
}

on_each_database! {
    /// In the index or not: what a message now says finds it, what it said does not.
    async fn an_edit_is_found_at_once(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let message = say(&ana, room, "old words").await;
        ana.edit_message(message.id, "new words").await.unwrap();
        for _ in 0..2 {
            assert_eq!(texts(&ana, "new").await, ["new words"]);
            assert!(texts(&ana, "old").await.is_empty());
            assert_eq!(texts(&ana, "words -old").await, ["new words"]);
            index_all(&server).await;
        }
        ana.edit_message(message.id, "newest words").await.unwrap();
        for _ in 0..2 {
            assert_eq!(texts(&ana, "newest").await, ["newest words"]);
            assert_eq!(texts(&ana, "words").await, ["newest words"], "once");
            assert!(texts(&ana, "\"new\"").await.is_empty());
            assert_eq!(texts(&ana, "words -new").await, ["newest words"], "what it said does not exclude it");
            index_all(&server).await;
        }
    }

    async fn what_is_deleted_is_gone_from_results_and_from_the_index(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let early = say(&ana, room, "secret one").await;
        ana.delete_message(early.id).await.unwrap();
        let late = say(&ana, room, "secret two").await;
        say(&ana, room, "open").await;
        assert_eq!(texts(&ana, "secret").await, ["secret two"]);
        index_all(&server).await;
        assert_eq!(words(&server).await, ["open", "secret", "two"]);
        ana.delete_message(late.id).await.unwrap();
        assert!(texts(&ana, "secret").await.is_empty());
        index_all(&server).await;
        assert!(texts(&ana, "secret").await.is_empty());
        assert_eq!(words(&server).await, ["open"], "nothing of it is left");
        assert_eq!(texts(&ana, "op").await, ["open"]);
    }

    /// Reacting raises the revision and says nothing new; what the server says is not searched.
    async fn reactions_and_system_messages_are_not_found(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        bob.join_room(room).await.unwrap();
        let message = say(&ana, room, "hello").await;
        index_all(&server).await;
        bob.react(message.id, "🎉").await.unwrap();
        for _ in 0..2 {
            assert_eq!(texts(&bob, "hello").await, ["hello"]);
            assert!(texts(&bob, "joined").await.is_empty());
            assert!(texts(&bob, "🎉").await.is_empty());
            assert_eq!(texts(&bob, "in:\"A room\"").await, ["hello"]);
            index_all(&server).await;
        }
    }

    /// The server's own work, waited for by its progress.
    async fn the_server_indexes_by_itself(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        say(&ana, room, "hello").await;
        let indexed = async {
            while !search::behind(server.app.db.read()).await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), indexed).await.expect("it is indexed");
        assert_eq!(words(&server).await, ["hello"]);
    }

    /// Two nodes that index the same room at once, while it is written to and searched.
    async fn two_indexers_are_one_too_many_at_worst(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let writing = async {
            for n in 0..60 {
                say(&ana, room, &format!("word{n} common")).await;
                assert_eq!(texts(&ana, &format!("\"word{n}\"")).await.len(), 1, "at once");
            }
        };
        let searching = async {
            let mut most = 0;
            while most < 50 {
                let found = texts(&ana, "common").await.len();
                assert!(found >= most, "{found} after {most}");
                most = found;
            }
        };
        tokio::join!(writing, searching, index_all(&server), index_all(&server));
        tokio::join!(index_all(&server), index_all(&server));
        for n in 0..60 {
            assert_eq!(texts(&ana, &format!("\"word{n}\"")).await, [format!("word{n} common")]);
        }
    }
}
