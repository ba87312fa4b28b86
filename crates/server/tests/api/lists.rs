//! Lists: their pages, and the ways between them.

use charla_client::Client;
use charla_protocol::{
    List,
    messages::{MessageRead, MessageVersion},
    rooms::Visibility,
    users::User,
};
use charla_testing::{TestServer, on_each_database};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::support::say;

async fn get<T: DeserializeOwned>(client: &Client, path: &str) -> List<T> {
    let answer = client.request(Method::GET, path, None).await.unwrap();
    assert_eq!(answer.status, 200, "{path}");
    answer.json().unwrap()
}

/// What all pages from that one on hold, and how many pages there are.
async fn forward<T: DeserializeOwned>(client: &Client, path: &str) -> (Vec<T>, usize) {
    let mut page: List<T> = get(client, path).await;
    let (mut all, mut pages) = (page.results, 1);
    while let Some(next) = page.next {
        page = client.page(&next).await.unwrap();
        assert!(page.previous.is_none(), "read forward only");
        all.append(&mut page.results);
        pages += 1;
    }
    (all, pages)
}

on_each_database! {
    async fn a_messages_edits_come_page_by_page(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let message = say(&ana, room, "0").await.id;
        for n in 1..=5 {
            ana.edit_message(message, &n.to_string()).await.unwrap();
        }
        let path = format!("/api/v1/chat/messages/{message}/history/");
        let said = |versions: Vec<MessageVersion>| versions.into_iter().map(|version| version.content).collect::<String>();
        for (query, pages) in [("", 1), ("?limit=5", 1), ("?limit=2", 3), ("?limit=1", 5)] {
            let (versions, count) = forward(&ana, &format!("{path}{query}")).await;
            assert_eq!((said(versions).as_str(), count), ("01234", pages), "{query}");
        }
        ana.delete_message(message).await.unwrap();
        assert!(get::<MessageVersion>(&ana, &path).await.results.is_empty());
    }

    async fn a_messages_readers_come_page_by_page(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let mut readers = Vec::new();
        for name in ["bob", "eve", "kim"] {
            let (client, user) = server.person(name).await;
            client.join_room(room).await.unwrap();
            readers.push((client, user.user.id));
        }
        let message = say(&ana, room, "x").await.id;
        for (client, _) in &readers {
            client.mark_all_read(room).await.unwrap();
            server.clock.advance(std::time::Duration::from_secs(1));
        }
        let path = format!("/api/v1/chat/messages/{message}/reads/");
        for (query, pages) in [("", 1), ("?limit=2", 2), ("?limit=1", 3)] {
            let (reads, count) = forward::<MessageRead>(&ana, &format!("{path}{query}")).await;
            assert!(reads.iter().map(|read| read.user.id).eq(readers.iter().map(|(_, id)| *id)), "{query}");
            assert_eq!(count, pages, "{query}");
        }
    }

    async fn people_can_be_paged_through_both_ways(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        for name in ["bob", "eve", "kim", "zoe"] {
            server.person(name).await;
        }
        let names = |page: &List<User>| page.results.iter().map(|user| user.username.clone()).collect::<Vec<_>>();
        let first: List<User> = get(&ana, "/api/v1/users/?limit=2").await;
        assert_eq!((names(&first), first.previous.as_deref()), (vec!["ana".to_owned(), "bob".to_owned()], None));
        let second: List<User> = ana.page(first.next.as_deref().unwrap()).await.unwrap();
        let third: List<User> = ana.page(second.next.as_deref().unwrap()).await.unwrap();
        assert_eq!((names(&third), third.next.as_deref()), (vec!["zoe".to_owned()], None));
        let back: List<User> = ana.page(third.previous.as_deref().unwrap()).await.unwrap();
        assert_eq!(back, second);
        let back: List<User> = ana.page(back.previous.as_deref().unwrap()).await.unwrap();
        assert_eq!(back, first);
    }
}
