//! Who finds what.

use charla_client::MessageSearch;
use charla_protocol::{ErrorCode, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};

use super::support::{find, index_all, texts};
use crate::support::{refusal, say};

on_each_database! {
    /// Of rooms one is in now, whatever else is in the index.
    async fn only_ones_own_rooms(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let private = server.group(&ana, Visibility::Private, &[]).await.id;
        let public = server.group(&ana, Visibility::Public, &[]).await.id;
        let shared = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        for (room, content) in [(private, "needle private"), (public, "needle public"), (shared, "needle shared")] {
            say(&ana, room, content).await;
        }
        for _ in 0..2 {
            assert_eq!(texts(&ana, "needle").await.len(), 3);
            assert_eq!(texts(&bob, "needle").await, ["needle shared"]);
            assert_eq!(texts(&bob, "from:ana").await, ["needle shared"]);
            let within = |room| MessageSearch { room: Some(room), ..MessageSearch::of("needle") };
            assert_eq!(refusal(bob.search_messages(&within(private)).await), (404, ErrorCode::NotFound));
            assert_eq!(refusal(bob.search_messages(&within(public)).await), (403, ErrorCode::NotAMember));
            index_all(&server).await;
        }
        bob.join_room(public).await.unwrap();
        assert_eq!(texts(&bob, "needle").await, ["needle shared", "needle public"]);
        bob.leave_room(shared).await.unwrap();
        assert_eq!(texts(&bob, "needle").await, ["needle public"]);
        let nobody = server.anonymous().search_messages(&MessageSearch::of("needle")).await;
        assert_eq!(refusal(nobody).0, 401);
    }

    async fn never_what_was_cleared(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        say(&ana, room, "needle early").await;
        bob.clear_history(room).await.unwrap();
        say(&ana, room, "needle late").await;
        for _ in 0..2 {
            assert_eq!(texts(&bob, "needle").await, ["needle late"]);
            assert_eq!(texts(&bob, "in:\"A room\"").await, ["needle late"]);
            assert_eq!(texts(&ana, "needle").await, ["needle late", "needle early"]);
            index_all(&server).await;
        }
        bob.clear_history(room).await.unwrap();
        assert!(texts(&bob, "needle").await.is_empty());
    }

    async fn never_what_was_said_before_joining_where_the_past_is_hidden(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[]).await.id;
        let early = say(&ana, room, "needle early").await;
        bob.join_room(room).await.unwrap();
        say(&ana, room, "needle late").await;
        for _ in 0..2 {
            assert_eq!(texts(&bob, "needle").await, ["needle late"]);
            index_all(&server).await;
        }
        ana.edit_message(early.id, "needle edited").await.unwrap();
        for _ in 0..2 {
            assert_eq!(texts(&bob, "needle").await, ["needle late"]);
            assert!(texts(&bob, "edited").await.is_empty());
            assert_eq!(texts(&ana, "edited").await, ["needle edited"]);
            index_all(&server).await;
        }
    }

    /// A block keeps people from finding each other, not from finding what was said in a group that both are in.
    async fn blocks_do_not_touch_messages_of_groups(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        say(&bob, room, "needle").await;
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(texts(&ana, "needle from:bob").await, ["needle"]);
        assert_eq!(texts(&bob, "needle").await, ["needle"]);
    }

    async fn results_are_messages_as_the_caller_sees_them(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let message = say(&ana, room, "a <b>needle</b> & **more**").await;
        bob.react(message.id, "🎉").await.unwrap();
        bob.mark_all_read(room).await.unwrap();
        for _ in 0..2 {
            for client in [&ana, &bob] {
                let found = find(client, "NEEDLE").await;
                assert_eq!(found[0].message, client.message(message.id).await.unwrap());
                let expected = "a &lt;b&gt;<mark>needle</mark>&lt;/b&gt; &amp; **more**";
                assert_eq!(found[0].highlight, expected);
            }
            index_all(&server).await;
        }
        assert_eq!(find(&bob, "needle").await[0].message.reactions[0].me, Some(true));
    }
}
