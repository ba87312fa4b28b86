//! Pages of results.

use charla_client::MessageSearch;
use charla_protocol::{List, messages::FoundMessage, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};

use super::support::index_all;
use crate::{lists::read_in_any_pages, support::say};

on_each_database! {
    /// Newest first over all rooms, whichever part of them is indexed.
    async fn pages_lead_through_all_rooms_in_order(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut rooms = Vec::new();
        for _ in 0..3 {
            rooms.push(server.group(&ana, Visibility::Private, &[]).await.id);
        }
        let mut said = Vec::new();
        for n in 0..24 {
            if n == 12 {
                index_all(&server).await;
            }
            said.push(say(&ana, rooms[n * 7 % 3], &format!("needle {n}")).await.id);
            say(&ana, rooms[n % 3], "hay").await;
        }
        said.reverse();
        for _ in 0..2 {
            let path = "/api/v1/chat/messages/search/?q=needle";
            let found: Vec<FoundMessage> = read_in_any_pages(&ana, path).await;
            assert_eq!(found.iter().map(|found| found.message.id).collect::<Vec<_>>(), said);
            index_all(&server).await;
        }
    }

    /// A page that was read back leads to what has come since; what has gone meanwhile is missing from no count.
    async fn results_may_come_and_go_between_pages(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut said = Vec::new();
        for n in 0..6 {
            said.push(say(&ana, room, &format!("needle {n}")).await.id);
        }
        let search = MessageSearch { limit: Some(2), ..MessageSearch::of("needle in:\"A room\"") };
        let first = ana.search_messages(&search).await.unwrap();
        assert_eq!(first.previous, None);
        ana.delete_message(said[3]).await.unwrap();
        ana.delete_message(first.results[1].message.id).await.unwrap();
        let second: List<FoundMessage> = ana.page(first.next.as_deref().unwrap()).await.unwrap();
        let ids = |list: &List<FoundMessage>| list.results.iter().map(|found| found.message.id).collect::<Vec<_>>();
        assert_eq!(ids(&second), [said[2], said[1]]);
        let new = say(&ana, room, "needle new").await.id;
        let back: List<FoundMessage> = ana.page(second.previous.as_deref().unwrap()).await.unwrap();
        assert_eq!(ids(&back), [new, said[5]]);
        let third: List<FoundMessage> = ana.page(second.next.as_deref().unwrap()).await.unwrap();
        assert_eq!((ids(&third), third.next), (vec![said[0]], None));
    }
}
