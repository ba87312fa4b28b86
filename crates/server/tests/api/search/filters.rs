//! Operators and parameters.

use charla_client::{Client, MessageSearch};
use charla_protocol::{
    RoomId,
    messages::{MessageHas, SendMessage},
    rooms::{CreateRoom, History, RoomType, Visibility},
    users::{Me, UpdateMe},
};
use charla_testing::{TestServer, on_each_database};
use image::ImageFormat;
use reqwest::Method;

use super::support::{index_all, texts};
use crate::{
    support::{say, text},
    uploads::support::picture,
};

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

async fn named_room(owner: &Client, name: &str, people: &[&Me]) -> RoomId {
    let body = CreateRoom {
        name: name.to_owned(),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants: people.iter().map(|person| person.user.id).collect(),
    };
    owner.create_room(&body).await.unwrap().id
}

async fn by(client: &Client, search: MessageSearch) -> Vec<String> {
    let found = client.search_messages(&search).await.unwrap();
    found.results.into_iter().map(|found| found.message.content).collect()
}

on_each_database! {
    /// A display name means those of it that the caller shares a room with: any number of strangers may have it too. A username
    /// means one person, who may have left.
    async fn a_display_name_means_people_one_knows(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = named_room(&ana, "Room", &[&bob_user, &eve_user]).await;
        for client in [&bob, &eve] {
            let twin = UpdateMe { display_name: Some("The Twin".to_owned()), ..UpdateMe::default() };
            client.update_me(&twin).await.unwrap();
        }
        say(&bob, room, "of bob").await;
        say(&eve, room, "of eve").await;
        assert_eq!(texts(&ana, "from:\"the twin\"").await, ["of eve", "of bob"]);
        eve.leave_room(room).await.unwrap();
        assert_eq!(texts(&ana, "from:\"the twin\"").await, ["of bob"]);
        assert_eq!(texts(&ana, "of from:eve").await, ["of eve"]);
    }

    async fn people_and_rooms(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("José").await;
        let (_, stranger) = server.person("eve").await;
        let team = named_room(&ana, "Équipe du Café", &[&bob_user]).await;
        let other = named_room(&ana, "Other", &[&bob_user]).await;
        say(&ana, team, "one cat").await;
        say(&bob, team, "two cats").await;
        say(&bob, other, "three cats").await;
        for _ in 0..2 {
            for (query, expected) in [
                ("from:me", vec!["one cat"]),
                ("cat from:ANA", vec!["one cat"]),
                ("from:@josé cat", vec!["three cats", "two cats"]),
                ("from:jose", vec!["three cats", "two cats"]),
                ("from:me from:josé one", vec!["one cat"]),
                ("from:nobody cat", vec![]),
                ("from:eve", vec![]),
                ("in:other", vec!["three cats"]),
                ("in:#other cat", vec!["three cats"]),
                ("in:equipe-du-cafe", vec!["two cats", "one cat"]),
                ("in:\"équipe du cafe\" -two", vec!["one cat"]),
                ("in:nowhere cat", vec![]),
                ("in:other from:me", vec![]),
                ("in:other in:equipe-du-cafe cat", vec!["three cats", "two cats", "one cat"]),
                ("-cats in:equipe-du-cafe", vec!["one cat"]),
            ] {
                assert_eq!(texts(&ana, query).await, expected, "{query}");
            }
            let cats = || MessageSearch::of("cat");
            let of_bob = Some(bob_user.user.id);
            assert_eq!(by(&ana, MessageSearch { room: Some(other), ..cats() }).await, ["three cats"]);
            assert_eq!(by(&ana, MessageSearch { sender: of_bob, room: Some(team), ..cats() }).await, ["two cats"]);
            let only = MessageSearch { sender: of_bob, ..MessageSearch::default() };
            assert_eq!(by(&ana, only).await, ["three cats", "two cats"], "filters alone");
            assert!(by(&ana, MessageSearch { sender: Some(stranger.user.id), ..cats() }).await.is_empty());
            let both = MessageSearch { sender: Some(ana_user.user.id), ..MessageSearch::of("cat from:jose") };
            assert!(by(&ana, both).await.is_empty(), "both are meant");
            let vain = MessageSearch { room: Some(other), ..MessageSearch::of("!!!") };
            assert!(by(&ana, vain).await.is_empty(), "nothing says that");
            index_all(&server).await;
        }
    }

    async fn days_and_moments(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut said = Vec::new();
        for n in 0..4 {
            said.push(say(&ana, room, &format!("note {n}")).await.created_at);
            server.clock.advance(DAY);
        }
        let day = |n: usize| said[n].to_string()[..10].to_owned();
        for _ in 0..2 {
            assert_eq!(texts(&ana, &format!("note before:{}", day(1))).await, ["note 0"]);
            assert_eq!(texts(&ana, &format!("after:{}", day(1))).await, ["note 3", "note 2"]);
            assert_eq!(texts(&ana, &format!("after:{} before:{} note", day(0), day(3))).await, ["note 2", "note 1"]);
            assert_eq!(texts(&ana, &format!("before:{} note", said[2])).await, ["note 1", "note 0"]);
            let between = MessageSearch { after: Some(said[0]), before: Some(said[2]), ..MessageSearch::default() };
            assert_eq!(by(&ana, between).await, ["note 1"]);
            index_all(&server).await;
        }
    }

    async fn files_images_and_links(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for (content, bytes) in [("a picture", picture(ImageFormat::Png, 8, 8)), ("a report", b"%PDF-1.7\n".to_vec())] {
            let file = ana.upload("file", bytes).await.unwrap();
            let sent = SendMessage { attachment_ids: vec![file.id], ..text(room, content) };
            ana.send_message(&sent).await.unwrap();
        }
        say(&ana, room, "a link: https://example.org/x").await;
        say(&ana, room, "a [word](https://example.org/)").await;
        say(&ana, room, "a `https://example.org/` in code").await;
        index_all(&server).await;
        for (query, has, expected) in [
            ("has:file", MessageHas::File, vec!["a report", "a picture"]),
            ("has:image a", MessageHas::Image, vec!["a picture"]),
            ("has:LINK", MessageHas::Link, vec!["a [word](https://example.org/)", "a link: https://example.org/x"]),
            ("has:file has:image", MessageHas::Image, vec!["a picture"]),
            ("has:image has:link", MessageHas::Link, vec![]),
        ] {
            assert_eq!(texts(&ana, query).await, expected, "{query}");
            let found = by(&ana, MessageSearch { has: Some(has), ..MessageSearch::of(query) }).await;
            assert_eq!(found, expected, "{query}");
        }
        let message = say(&ana, room, "nothing").await;
        ana.edit_message(message.id, "now https://example.com").await.unwrap();
        assert_eq!(texts(&ana, "has:link now").await.len(), 1, "before it is indexed");
    }

    async fn bad_input_is_named(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let many = vec!["a"; 33].join("+");
        for (query, field) in [
            (format!("q={}", "x".repeat(501)), "q"),
            (format!("q={many}"), "q"),
            (format!("q={}", "好".repeat(65)), "q"),
            (format!("q=%22{}%22", "a+".repeat(65)), "q"),
            ("has=video".to_owned(), "has"),
            ("before=2026-01-31".to_owned(), "before"),
            ("limit=201".to_owned(), "limit"),
        ] {
            let path = format!("/api/v1/chat/messages/search/?{query}");
            let answer = ana.request(Method::GET, &path, None).await.unwrap();
            assert_eq!(answer.status, 400, "{query}");
            let problem: charla_protocol::Problem = answer.json().unwrap();
            assert!(problem.errors.unwrap().contains_key(field), "{query}");
        }
        let longest = "x".repeat(500);
        assert!(texts(&ana, &longest).await.is_empty());
        for query in ["q=%00a", "q=%ff", "q=%F0%9F%8E%89%E2%80%8D", "q=%EF%BF%BF", "q=-%22", "q=%22from%3A", "q=in%3A%22"] {
            let path = format!("/api/v1/chat/messages/search/?{query}");
            assert_eq!(ana.request(Method::GET, &path, None).await.unwrap().status, 200, "{query}");
        }
    }
}
