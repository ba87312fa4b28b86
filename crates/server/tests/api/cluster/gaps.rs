//! What other nodes tell may be lost, come twice or in another order.

use std::time::Duration;

use charla_broker::{Delivery, Fate, Listener, Topic};
use charla_client::Door;
use charla_db::{
    Notice,
    lanes::{Command, Mentions, Send},
};
use charla_protocol::{
    RoomId, UserId,
    events::Event,
    messages::MessageType,
    rooms::Visibility,
    users::{UpdateMe, UpdateSettings},
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use sea_orm::ConnectionTrait;

use super::support::{at, changes, message, next_changes};
use crate::support::{drain, open, say, somebody_waits, wait_for};

/// What the repair asks for.
const FETCH: [&str; 3] = ["FROM messages", "revision > ", "ORDER BY messages.revision"];

fn send(room: RoomId, sender: UserId, number: i32) -> Command {
    let (content, content_html) = (number.to_string(), format!("<p>{number}</p>"));
    Command::Send(Send {
        room,
        sender,
        content,
        content_html,
        mentions: Mentions::default(),
        message_type: MessageType::Text,
        reply_to: None,
        attachments: Vec::new(),
        client_id: None,
    })
}

on_each_database! {
    async fn what_is_lost_is_fetched_once_for_all(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let far = at(&other, "ana").await;
        let mut sockets = Vec::new();
        for _ in 0..5 {
            sockets.push(open(&far, Door::All).await);
        }
        other.wire.judge(changes(|revision| if revision < 3 { Fate::IsLost } else { Fate::Arrives }));
        other.statements.listen();
        for text in ["1", "2", "3"] {
            say(&ana, room, text).await;
        }
        for socket in &mut sockets {
            let told = next_changes(socket, 3).await;
            assert_eq!(told, [(1, "1".to_owned()), (2, "2".to_owned()), (3, "3".to_owned())]);
            assert!(drain(socket).await.into_iter().filter_map(message).next().is_none(), "each once");
        }
        assert_eq!(other.statements.count(&FETCH), 1);
    }

    async fn what_comes_in_another_order_is_put_in_order_without_asking(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&at(&other, "ana").await, Door::All).await;
        other.wire.judge(changes(|_| Fate::IsHeld));
        other.statements.listen();
        for text in ["1", "2", "3"] {
            say(&ana, room, text).await;
        }
        other.wire.release();
        let told = next_changes(&mut socket, 3).await;
        assert_eq!(told.iter().map(|(revision, _)| *revision).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(other.statements.count(&FETCH), 0);
    }

    async fn what_comes_twice_is_told_once(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::All).await;
        let said = say(&ana, room, "once").await;
        next_changes(&mut socket, 1).await;
        server.app.tell(vec![Notice::Message(Box::new(said))]).await;
        assert!(drain(&mut socket).await.into_iter().filter_map(message).next().is_none());
    }

    /// Each change becomes the event that it would have been, as far as it still can be told apart.
    async fn what_was_fetched_comes_as_what_it_is(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let (edited, deleted) = (say(&ana, room, "1").await.id, say(&ana, room, "2").await.id);
        let mut socket = open(&at(&other, "ana").await, Door::All).await;
        other.wire.judge(changes(|revision| if revision < 6 { Fate::IsLost } else { Fate::Arrives }));
        ana.edit_message(edited, "1, edited").await.unwrap();
        ana.delete_message(deleted).await.unwrap();
        say(&ana, room, "5").await;
        say(&ana, room, "6").await;
        let mut told = Vec::new();
        while told.len() < 4 {
            told.push(wait_for(&mut socket, |event| match event {
                Event::Message(message) => Some(("made", message.revision)),
                Event::MessageEdited(message) => Some(("edited", message.revision)),
                Event::MessageDeleted(message) => Some(("deleted", message.revision)),
                _ => None,
            }).await);
        }
        assert_eq!(told, [("edited", 3), ("deleted", 4), ("made", 5), ("made", 6)]);
    }

    /// Where too much is missing, the clients ask for as much of it as they want.
    async fn who_is_far_behind_is_told_to_ask(server: TestServer) {
        let other = server.node().await;
        let (ana, ana_user) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&at(&other, "ana").await, Door::All).await;
        other.wire.judge(changes(|revision| if revision <= 1_102 { Fate::IsLost } else { Fate::Arrives }));
        // Should the rotation find some of it, enough is left.
        for number in 0..1_103 {
            let submitted = server.app.lanes.submit(send(room, ana_user.user.id, number)).await.unwrap();
            if number == 1_102 {
                submitted.committed().await.unwrap();
            }
        }
        wait_for(&mut socket, |event| matches!(event, Event::Resync(_)).then_some(())).await;
        say(&ana, room, "on").await;
        wait_for(&mut socket, |event| message(event).filter(|message| message.content == "on")).await;
    }

    /// A commit whose outcome is unknown is told by nobody: it is found without a next message.
    async fn a_commit_in_doubt_is_found(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut sockets = [open(&ana, Door::All).await, open(&at(&other, "ana").await, Door::All).await];
        // Another node, which says nothing, stands for the commit that came through without its answer.
        let silent = server.beside(|_| {}).await;
        say(&at(&silent, "ana").await, room, "did it?").await;
        server.app.tell(vec![Notice::Doubt(room)]).await;
        for socket in &mut sockets {
            assert_eq!(next_changes(socket, 1).await, [(1, "did it?".to_owned())]);
        }
    }

    /// A node may die between a commit and its telling.
    async fn what_nobody_tells_is_found_in_rotation(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::All).await;
        let silent = server.beside(|_| {}).await;
        say(&at(&silent, "ana").await, room, "last words").await;
        assert_eq!(next_changes(&mut socket, 1).await, [(1, "last words".to_owned())]);
    }

    /// The repair shows each what they may see: receipts to those who share theirs, nothing of what is hidden.
    async fn what_was_fetched_keeps_what_is_kept(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let first = say(&ana, room, "1").await.id;
        let second = say(&ana, room, "2").await.id;
        bob.mark_read(vec![second]).await.unwrap();
        let keep = UpdateSettings { send_read_receipts: Some(false), ..UpdateSettings::default() };
        eve.update_me(&UpdateMe { settings: Some(keep), ..UpdateMe::default() }).await.unwrap();
        bob.clear_history(room).await.unwrap();
        let mut sockets = [
            open(&at(&other, "ana").await, Door::All).await,
            open(&at(&other, "bob").await, Door::All).await,
            open(&at(&other, "eve").await, Door::All).await,
        ];
        other.wire.judge(changes(|revision| if revision < 5 { Fate::IsLost } else { Fate::Arrives }));
        ana.edit_message(first, "1, edited").await.unwrap();
        ana.edit_message(second, "2, edited").await.unwrap();
        say(&ana, room, "5").await;
        let mut seen = Vec::new();
        for socket in &mut sockets {
            let mut counts = Vec::new();
            loop {
                let message = wait_for(socket, message).await;
                counts.push((message.revision, message.read_by_count));
                if message.revision == 5 {
                    break;
                }
            }
            seen.push(counts);
        }
        assert_eq!(seen, [vec![(3, 1), (4, 1), (5, 0)], vec![(5, 0)], vec![(3, 0), (4, 0), (5, 0)]]);
    }

    /// As after a failover to a replica that was behind: what was told is gone, and its numbers are given anew.
    async fn a_room_whose_revision_goes_back_goes_on_from_there(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::All).await;
        for text in ["1", "2", "3"] {
            say(&ana, room, text).await;
        }
        next_changes(&mut socket, 3).await;
        let tx = server.app.db.begin().await.unwrap();
        for statement in ["DELETE FROM messages WHERE revision > 1", "UPDATE rooms SET revision = 1"] {
            tx.execute_unprepared(statement).await.unwrap();
        }
        tx.commit().await.unwrap();
        server.app.tell(vec![Notice::Doubt(room)]).await;
        wait_for(&mut socket, |event| matches!(event, Event::Resync(_)).then_some(())).await;
        for (revision, text) in [(2, "2, again"), (3, "3, again")] {
            say(&ana, room, text).await;
            assert_eq!(next_changes(&mut socket, 1).await, [(revision, text.to_owned())]);
        }
    }

    /// Who was removed may be back by the time that it is told.
    async fn a_removal_that_holds_no_longer_is_told_to_nobody(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let user_id = bob_user.user.id;
        let room_id = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let (mut all, mut one) = (open(&bob, Door::All).await, open(&bob, Door::Room(room_id)).await);
        server.app.tell(vec![Notice::RoomRemoved { user_id, room_id }]).await;
        for socket in [&mut all, &mut one] {
            let told = drain(socket).await;
            assert!(!told.iter().any(|event| matches!(event, Event::RoomRemoved(_))), "{told:?}");
            say(&ana, room_id, "Are you there?").await;
            wait_for(socket, message).await;
        }
    }

    /// That somebody was removed is told them by another way than what came after it, and may be late or lost.
    async fn who_was_removed_is_shown_nothing_of_what_was_fetched(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut there = open(&at(&other, "bob").await, Door::All).await;
        other.wire.judge(|_, delivery| match delivery {
            Delivery::RoomRemoved { .. } | Delivery::Change { revision: ..2, .. } => Fate::IsLost,
            _ => Fate::Arrives,
        });
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        say(&ana, room, "not for bob").await;
        wait_for(&mut there, |event| match event {
            Event::RoomRemoved(_) => Some(()),
            other => {
                assert_eq!(message(other), None);
                None
            }
        })
        .await;
    }

    /// The change that takes them out comes in its turn, whatever becomes of what they are told.
    async fn who_was_removed_is_shown_nothing_that_follows(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut there = open(&at(&other, "bob").await, Door::All).await;
        other.wire.judge(|_, delivery| match delivery {
            Delivery::RoomRemoved { .. } => Fate::IsLost,
            _ => Fate::Arrives,
        });
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        say(&ana, room, "not for bob").await;
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        say(&ana, room, "for bob").await;
        wait_for(&mut there, |event| {
            let content = message(event)?.content;
            assert_ne!(content, "not for bob");
            (content == "for bob").then_some(())
        })
        .await;
    }

    /// The same where so much is missing that the followers are to ask for it.
    async fn who_was_removed_is_shown_nothing_of_what_follows_what_was_passed_over(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let (_, eve_user) = server.person("eve").await;
        let room = server.group_without_past(&ana, &[&bob_user, &eve_user]).await.id;
        let (bobs, eves) = (at(&other, "bob").await, at(&other, "eve").await);
        let (mut bobs, mut eves) = (open(&bobs, Door::All).await, open(&eves, Door::All).await);
        other.wire.judge(|_, delivery| match delivery {
            Delivery::RoomRemoved { .. } | Delivery::RoomAdded { .. } | Delivery::Change { revision: ..1_000, .. } => {
                Fate::IsLost
            }
            _ => Fate::Arrives,
        });
        let first = say(&ana, room, "not for eve").await;
        for person in [&bob_user, &eve_user] {
            ana.remove_member(room, person.user.id).await.unwrap();
        }
        ana.add_members(room, vec![eve_user.user.id]).await.unwrap();
        let tx = server.app.db.begin().await.unwrap();
        tx.execute_unprepared("UPDATE rooms SET revision = 1000").await.unwrap();
        tx.commit().await.unwrap();
        say(&ana, room, "far ahead").await;
        wait_for(&mut eves, |event| matches!(event, Event::Resync(_)).then_some(())).await;
        ana.edit_message(first.id, "not for eve either").await.unwrap();
        say(&ana, room, "not for bob").await;
        wait_for(&mut eves, |event| {
            let content = message(event)?.content;
            assert!(!content.starts_with("not for eve"), "{content}");
            (content == "not for bob").then_some(())
        })
        .await;
        wait_for(&mut bobs, |event| match event {
            Event::RoomRemoved(_) => Some(()),
            other => {
                assert_eq!(message(other), None);
                None
            }
        })
        .await;
    }

    /// The same where they are back by the time that it is fetched, in a room that hides what was before.
    async fn who_is_back_is_shown_nothing_of_what_was_fetched_from_between(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[&bob_user]).await.id;
        let mut there = open(&at(&other, "bob").await, Door::All).await;
        other.wire.judge(|_, delivery| match delivery {
            Delivery::RoomRemoved { .. } | Delivery::RoomAdded { .. } | Delivery::Change { revision: ..4, .. } => {
                Fate::IsLost
            }
            _ => Fate::Arrives,
        });
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        say(&ana, room, "not for bob").await;
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        say(&ana, room, "for bob").await;
        wait_for(&mut there, |event| {
            let content = message(event)?.content;
            assert_ne!(content, "not for bob");
            (content == "for bob").then_some(())
        })
        .await;
    }

    /// What was written while they were out is told after their removal, by which they may be back.
    async fn who_is_back_before_their_removal_is_told_is_told_from_where(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let user_id = bob_user.user.id;
        let room_id = server.group_without_past(&ana, &[&bob_user]).await.id;
        let mut all = open(&bob, Door::All).await;
        let hidden = "UPDATE room_members SET hidden_seq = 2";
        let tx = server.app.db.begin().await.unwrap();
        tx.execute_unprepared(hidden).await.unwrap();
        tx.commit().await.unwrap();
        server.app.tell(vec![Notice::RoomRemoved { user_id, room_id }]).await;
        for text in ["1", "2", "3"] {
            say(&ana, room_id, text).await;
        }
        assert_eq!(next_changes(&mut all, 1).await, [(3, "3".to_owned())]);
    }

    /// One node reads that somebody is in the room, another one removes them, and the first one is the last to tell.
    async fn what_is_overtaken_by_a_removal_lets_nobody_back_in(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room_id = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut all = open(&bob, Door::All).await;
        let mut overtaken = Vec::new();
        for _ in 0..2 {
            ana.add_members(room_id, vec![bob_user.user.id]).await.unwrap();
            let (revision, text) = wait_for(&mut all, |event| match event {
                Event::RoomAdded(room) => Some((room.revision, bytes::Bytes::from_static(b"{}"))),
                _ => None,
            })
            .await;
            overtaken.push(Delivery::RoomAdded { room_id, hidden_seq: 0, revision, text });
            ana.remove_member(room_id, bob_user.user.id).await.unwrap();
            wait_for(&mut all, |event| matches!(event, Event::RoomRemoved(_)).then_some(())).await;
            for delivery in &overtaken {
                server.app.hub.deliver(Topic::User(bob_user.user.id), delivery);
            }
            say(&ana, room_id, "not for bob").await;
            assert!(drain(&mut all).await.iter().all(|event| message(event.clone()).is_none()));
        }
    }

    async fn a_number_that_was_never_given_holds_up_nothing(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&ana, Door::All).await;
        let text = bytes::Bytes::from_static(b"{}");
        server.app.hub.deliver(Topic::Room(room), &Delivery::Change { revision: 9, seq: 9, text, keeping: None, removes: None });
        tokio::time::timeout(Duration::from_secs(5), say(&ana, room, "1")).await.unwrap();
        assert_eq!(next_changes(&mut socket, 1).await, [(1, "1".to_owned())]);
    }
}

/// While a socket is greeted, it is told of something later than what was read for it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_socket_is_told_while_it_is_greeted_counts() {
    let server = TestServer::start(DatabaseKind::Postgres).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let user_id = bob_user.user.id;
    let room_id = server.group_without_past(&ana, &[&bob_user]).await.id;
    let _first = open(&bob, Door::All).await;
    say(&ana, room_id, "1").await;
    // Held up between what is read and following it.
    let lock = server.app.db.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE blocks IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let opening = tokio::spawn(async move { open(&bob, Door::All).await });
    somebody_waits(&server.app.db).await;
    say(&ana, room_id, "2").await;
    let tx = server.app.db.begin().await.unwrap();
    tx.execute_unprepared("UPDATE room_members SET hidden_seq = 3").await.unwrap();
    tx.commit().await.unwrap();
    let text = bytes::Bytes::from_static(b"{\"type\":\"something\"}");
    let added = Delivery::RoomAdded { room_id, hidden_seq: 3, revision: 2, text };
    server.app.hub.deliver(Topic::User(user_id), &added);
    lock.commit().await.unwrap();
    let mut socket = opening.await.unwrap();
    for text in ["3", "4"] {
        say(&ana, room_id, text).await;
    }
    assert_eq!(next_changes(&mut socket, 1).await, [(4, "4".to_owned())]);
}

/// Another node has added somebody, and told it before their socket, which was just coming, could hear of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_comes_while_a_socket_is_greeted_is_followed() {
    let server = TestServer::start(DatabaseKind::Postgres).await;
    let silent = server.beside(|_| {}).await;
    let (ana, _) = server.person("ana").await;
    let (bob, _) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Public, &[]).await.id;
    let far = at(&silent, "bob").await;
    // Who has a socket already is not announced when another one comes, which would ask for blocks, too.
    let _first = open(&bob, Door::All).await;
    // Held up between what it follows and what it says.
    let lock = silent.app.db.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE blocks IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let opening = tokio::spawn(async move { open(&bob, Door::All).await });
    somebody_waits(&silent.app.db).await;
    far.join_room(room).await.unwrap();
    lock.commit().await.unwrap();
    let mut socket = opening.await.unwrap();
    say(&ana, room, "Welcome").await;
    wait_for(&mut socket, |event| message(event).filter(|message| message.content == "Welcome")).await;
}
