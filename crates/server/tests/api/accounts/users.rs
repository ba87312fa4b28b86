//! `/api/v1/users/`.

use charla_client::Client;
use charla_protocol::{
    ErrorCode, List, Problem,
    auth::{SignedIn, Tokens},
    users::{DirectMessages, Friendship, Language, Me, User},
};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{disable, login, post, refusal, register, rejected_names};

async fn patch(client: &Client, body: Value) -> charla_client::RawResponse {
    client.request(Method::PATCH, "/api/v1/users/me/", Some(&body)).await.unwrap()
}

async fn find(client: &Client, query: &str) -> List<User> {
    client.request(Method::GET, &format!("/api/v1/users/?{query}"), None).await.unwrap().json().unwrap()
}

fn names(list: &List<User>) -> Vec<&str> {
    list.results.iter().map(|user| user.username.as_str()).collect()
}

on_each_database! {
    async fn what_is_left_out_of_a_patch_stays(server: TestServer) {
        let (maria, before) = server.person("maria").await;
        let answer = patch(&maria, json!({
            "display_name": "María\u{0} L.", "bio": "one\u{0}\ntwo 🎉", "phone_number": "+34600123456", "language": "es",
            "settings": {"show_last_seen": false}, "is_staff": true, "username": "other",
        })).await;
        assert_eq!(answer.status, 200);
        let me: Me = answer.json().unwrap();
        assert_eq!((me.user.display_name.as_str(), me.user.bio.as_str()), ("María L.", "one\ntwo 🎉"));
        assert_eq!((me.phone_number.as_deref(), me.language), (Some("+34600123456"), Some(Language::Es)));
        assert!(!me.settings.show_last_seen && me.settings.send_read_receipts && !me.is_staff);
        assert_eq!((me.user.username.as_str(), &me.email), ("maria", &before.email));

        let me: Me = patch(&maria, json!({"phone_number": null, "settings": {"send_read_receipts": false}})).await.json().unwrap();
        assert_eq!((me.phone_number, me.language), (None, Some(Language::Es)));
        assert!(!me.settings.show_last_seen && !me.settings.send_read_receipts);
        let me: Me = patch(&maria, json!({"language": null, "email": "MARIA@example.org"})).await.json().unwrap();
        assert_eq!((me.language, me.email.as_deref()), (None, Some("MARIA@example.org")));
        assert_eq!(patch(&maria, json!({})).await.json::<Me>().unwrap(), maria.me().await.unwrap());
    }

    async fn a_taken_address_is_refused(server: TestServer) {
        let (maria, _) = server.person("maria").await;
        server.person("jose").await;
        assert_eq!(rejected_names(&patch(&maria, json!({"email": "Jose@Example.org"})).await), ["email"]);
        assert_eq!(maria.me().await.unwrap().email.as_deref(), Some("maria@example.org"));
    }

    async fn an_address_that_is_anothers_username_is_taken(server: TestServer) {
        let (maria, _) = server.person("maria").await;
        let body = json!({"username": "Jose@Example.org", "email": "other@example.org", "password": PASSWORD});
        assert_eq!(post(&server.anonymous(), "register", body).await.status, 201);
        assert_eq!(rejected_names(&patch(&maria, json!({"email": "JOSE@example.org"})).await), ["email"]);
        assert_eq!(maria.me().await.unwrap().email.as_deref(), Some("maria@example.org"));

        let body = json!({"username": "eva@example.org", "email": "eva@example.net", "password": PASSWORD});
        let eva: SignedIn = post(&server.anonymous(), "register", body).await.json().unwrap();
        let client = server.anonymous();
        client.set_tokens(Some(Tokens { access: eva.access, refresh: eva.refresh }));
        assert_eq!(patch(&client, json!({"email": "Eva@example.org"})).await.status, 200, "one's own username");
    }

    async fn names_are_in_the_same_order_on_every_database(server: TestServer) {
        let expected = ["+zoe", "-zoe", "_zoe", "a-zoe", "a.zoe", "a_zoe", "aazoe", "zoe", "zoea", "zoé", "ñzoe", "李zoe"];
        let mut signing_up: Vec<&str> = expected.to_vec();
        signing_up.sort_by_key(|name| name.chars().rev().collect::<String>());
        for name in signing_up {
            let body = json!({"username": name, "email": format!("u{:x}@example.org", name.bytes().fold(7_u64, |h, b| h * 31 + u64::from(b))), "password": PASSWORD});
            assert_eq!(post(&server.anonymous(), "register", body).await.status, 201, "{name}");
        }
        let signed_in: SignedIn = login(&server, "zoe", PASSWORD).await.json().unwrap();
        let client = server.anonymous();
        client.set_tokens(Some(Tokens { access: signed_in.access, refresh: signed_in.refresh }));
        let mut byte_by_byte = expected;
        byte_by_byte.sort_unstable();
        assert_eq!(names(&find(&client, "").await), byte_by_byte);
    }

    async fn people_are_found_by_name_prefix_first_and_page_by_page(server: TestServer) {
        let (maria, _) = server.person("maria").await;
        for name in ["zana", "ana", "anabel", "xyz"] {
            server.person(name).await;
        }
        let gone = register(&server, "anagone").await;
        disable(&server, &gone).await;
        let (jose, jose_user) = server.person("jose").await;
        patch(&jose, json!({"display_name": "Ánabel Ñ"})).await;

        assert_eq!(names(&find(&maria, "search=ana").await), ["ana", "anabel", "jose", "zana"]);
        assert_eq!(names(&find(&maria, "search=ANABEL").await), ["anabel", "jose"]);
        assert_eq!(names(&find(&maria, &format!("search={}", jose_user.user.id)).await), ["jose"]);
        for nothing in ["jose@example.org", "%25", "_", "ana%00x"] {
            assert!(find(&maria, &format!("search={nothing}")).await.results.is_empty(), "{nothing}");
        }

        let mut all = Vec::new();
        let mut page = find(&maria, "limit=2").await;
        loop {
            assert!(page.results.len() <= 2);
            all.extend(names(&page).into_iter().map(str::to_owned));
            let Some(next) = page.next else { break };
            page = maria.page(&next).await.unwrap();
        }
        assert_eq!(all, ["ana", "anabel", "jose", "maria", "xyz", "zana"]);
    }

    async fn an_overdue_note_of_who_was_seen_takes_the_place_of_nothing_later(server: TestServer) {
        use charla_db::queries::users::{raise_last_seen, set_last_seen};
        let (maria, user) = server.person("maria").await;
        let ids = [user.user.id];
        let at = |seconds: i64| charla_protocol::Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000);
        for (raised, seen) in [(10, 20), (30, 30), (20, 30)] {
            let tx = server.app.db.begin().await.unwrap();
            if raised == 10 {
                raise_last_seen(&tx, &ids, at(0)).await.unwrap();
                set_last_seen(&tx, &ids, at(20)).await.unwrap();
            }
            raise_last_seen(&tx, &ids, at(raised)).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(maria.user(ids[0]).await.unwrap().last_seen, Some(at(seen)));
        }
    }

    async fn presence_is_shown_to_who_shares_a_direct_room_if_both_show_it(server: TestServer) {
        let (maria, _) = server.person("maria").await;
        let (jose, jose_user) = server.person("jose").await;
        let (eva, _) = server.person("eva").await;
        let id = jose_user.user.id;
        let tx = server.app.db.begin().await.unwrap();
        let seen = charla_protocol::Timestamp::from_millis(1_700_000_000_000);
        charla_db::queries::users::set_last_seen(&tx, &[id], seen).await.unwrap();
        tx.commit().await.unwrap();
        maria.direct_chat(id).await.unwrap();

        assert_eq!(maria.user(id).await.unwrap().last_seen, Some(seen));
        assert_eq!(maria.user(id).await.unwrap().friendship, Friendship::None);
        assert_eq!(find(&maria, "search=jose").await.results[0].last_seen, Some(seen));
        assert_eq!(eva.user(id).await.unwrap().last_seen, None);
        assert_eq!(find(&eva, "search=jose").await.results[0].last_seen, None);
        assert_eq!(jose.user(id).await.unwrap().friendship, Friendship::Oneself);
        patch(&maria, json!({"settings": {"show_last_seen": false}})).await;
        assert_eq!(maria.user(id).await.unwrap().last_seen, None, "who hides theirs sees nobody's");
        patch(&maria, json!({"settings": {"show_last_seen": true}})).await;
        patch(&jose, json!({"settings": {"show_last_seen": false}})).await;
        assert_eq!(maria.user(id).await.unwrap().last_seen, None);
        assert_eq!(jose.me().await.unwrap().user.last_seen, Some(seen), "one's own");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_patch_is_said_at_once() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (maria, before) = server.person("maria").await;
    let answer = patch(
        &maria,
        json!({"display_name": "x".repeat(101), "bio": "x".repeat(2001), "phone_number": "1", "email": "x"}),
    )
    .await;
    assert_eq!(rejected_names(&answer), ["bio", "display_name", "email", "phone_number"]);
    assert_eq!(rejected_names(&patch(&maria, json!({"language": "fr"})).await), ["language"]);
    assert_eq!(
        rejected_names(&patch(&maria, json!({"settings": {"direct_messages": "nobody"}})).await),
        ["settings.direct_messages"]
    );
    assert_eq!(maria.me().await.unwrap(), before);
}

#[tokio::test]
async fn the_server_sets_the_most_that_direct_messages_may_be() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| {
        config.direct_messages = DirectMessages::Friends;
    })
    .await;
    let (maria, me) = server.person("maria").await;
    assert_eq!(me.settings.direct_messages, DirectMessages::Friends);
    let answer = patch(&maria, json!({"settings": {"direct_messages": "everyone"}})).await;
    assert_eq!(rejected_names(&answer), ["settings.direct_messages"]);
    assert_eq!(patch(&maria, json!({"settings": {"direct_messages": "friends"}})).await.status, 200);
}

#[tokio::test]
async fn the_accounts_language_comes_before_the_headers() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (maria, _) = server.person("maria").await;
    patch(&maria, json!({"language": "es"})).await;
    maria.set_language(Some("en"));
    let answer = patch(&maria, json!({"display_name": "x".repeat(101)})).await;
    assert_eq!(answer.header("content-language"), Some("es"));
    assert_eq!(answer.json::<Problem>().unwrap().title, "No aceptado");
}

#[tokio::test]
async fn who_is_not_there() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (maria, _) = server.person("maria").await;
    let gone = register(&server, "gone").await;
    disable(&server, &gone).await;
    for id in [gone.user.user.id.to_string(), uuid::Uuid::nil().to_string(), "x".to_owned()] {
        let path = format!("/api/v1/users/{id}/");
        let answer = maria.request(Method::GET, &path, None).await.unwrap();
        assert_eq!(refusal(&answer), (404, ErrorCode::NotFound), "{id}");
    }
    for query in ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=OTk5OTk5OTk5OTk5"] {
        let answer = maria.request(Method::GET, &format!("/api/v1/users/?{query}"), None).await.unwrap();
        assert_eq!(answer.status, 400, "{query}");
    }
    assert_eq!(find(&maria, "").await.results.len(), 1);
    let long = "x".repeat(101);
    let answer = maria.request(Method::GET, &format!("/api/v1/users/?search={long}"), None).await.unwrap();
    assert_eq!(rejected_names(&answer), ["search"]);
}
