//! While the nodes don't hear each other.

use std::time::{Duration, Instant};

use charla_client::{Client, Door};
use charla_protocol::{
    RoomId,
    auth::ChangePassword,
    events::Event,
    rooms::Visibility,
    users::{UpdateMe, UpdateSettings},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};

use super::support::{at, message, next_changes};
use crate::support::{drain, open, say, wait_for, wait_for_close};

/// Others' messages come at most so late. The rest is for a machine that is busy.
const LATE: Duration = Duration::from_secs(2 + 3);

async fn hears_in_time(socket: &mut charla_client::Socket, client: &Client, room: RoomId, text: &str) {
    let said = Instant::now();
    say(client, room, text).await;
    let told = wait_for(socket, |event| message(event).filter(|message| message.content == text)).await;
    assert!(said.elapsed() < LATE, "{:?}", said.elapsed());
    assert_eq!(told.content, text);
}

on_each_database! {
    async fn messages_come_while_the_link_is_away_and_after_it(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let far = at(&other, "ana").await;
        let (mut here, mut there) = (open(&ana, Door::All).await, open(&far, Door::All).await);
        other.wire.cut();
        for text in ["1", "2"] {
            hears_in_time(&mut there, &ana, room, text).await;
            next_changes(&mut here, 1).await;
        }
        hears_in_time(&mut there, &far, room, "one's own at once").await;
        // The one that was not cut finds what the other could not tell, as soon as they hear each other.
        other.wire.mend();
        server.wire.mend();
        assert_eq!(next_changes(&mut here, 1).await, [(3, "one's own at once".to_owned())]);
        say(&ana, room, "4").await;
        let mut told = next_changes(&mut there, 1).await;
        assert_eq!(told.pop(), Some((4, "4".to_owned())));
    }

    /// Its peers have a link that is well, and hear nothing of it.
    async fn a_node_that_is_cut_off_alone_is_heard_by_way_of_the_database(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let far = at(&other, "ana").await;
        let (mut here, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        other.wire.cut();
        // Two, since the first one may have been found in rotation.
        for text in ["1", "2"] {
            hears_in_time(&mut here, &far, room, text).await;
        }
        far.remove_member(room, bob_user.user.id).await.unwrap();
        say(&far, room, "without bob").await;
        wait_for(&mut bobs, |event| match event {
            Event::RoomRemoved(removed) => {
                assert_eq!(removed.id, room);
                Some(())
            }
            Event::Message(message) => {
                assert_ne!(message.content, "without bob");
                None
            }
            _ => None,
        })
        .await;
        // Once it is back nobody looks any more.
        other.wire.mend();
        say(&far, room, "back").await;
        wait_for(&mut here, |event| message(event).filter(|message| message.content == "back")).await;
    }

    /// A message that was lost with the link, and none after it.
    async fn what_was_lost_with_the_link_comes_once_it_is_back(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut there = open(&at(&other, "ana").await, Door::All).await;
        other.wire.kill();
        say(&ana, room, "lost").await;
        other.wire.mend();
        let (mut told, mut is_asked) = (0, false);
        wait_for(&mut there, |event| {
            is_asked |= matches!(event, Event::Resync(_));
            told += message(event).map_or(0, |message| message.revision);
            (is_asked && told > 0).then_some(())
        })
        .await;
        assert_eq!(told, 1, "once");
    }

    async fn sessions_and_memberships_end_while_the_link_is_away(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let far = at(&other, "bob").await;
        let (mut all, mut one) = (open(&far, Door::All).await, open(&far, Door::Room(room)).await);
        other.wire.cut();
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        assert_eq!(wait_for_close(&mut one).await, Some(4403));
        let removed = wait_for(&mut all, |event| match event {
            Event::RoomRemoved(removed) => Some(removed.id),
            _ => None,
        })
        .await;
        assert_eq!(removed, room);
        say(&ana, room, "without bob").await;
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        let added = wait_for(&mut all, |event| match event {
            Event::RoomAdded(room) => Some(*room),
            Event::Message(message) => panic!("he hears {}", message.content),
            _ => None,
        })
        .await;
        assert_eq!(added.id, room);
        hears_in_time(&mut all, &ana, room, "with bob").await;
        // The session, ended at the other node.
        let same = server.anonymous();
        same.login("bob", PASSWORD).await.unwrap();
        let change = ChangePassword { old_password: PASSWORD.to_owned(), new_password: "another battery staple".to_owned() };
        same.change_password(&change).await.unwrap();
        assert_eq!(wait_for_close(&mut all).await, Some(4401));
    }

    /// The same where the link is there, and the telling is lost.
    async fn what_is_lost_of_an_account_is_found_in_rotation(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut socket = open(&at(&other, "bob").await, Door::All).await;
        other.wire.judge(|_, _| charla_broker::Fate::IsLost);
        ana.remove_member(room, bob_user.user.id).await.unwrap();
        wait_for(&mut socket, |event| matches!(event, Event::RoomRemoved(removed) if removed.id == room).then_some(())).await;
    }

    async fn what_somebody_keeps_to_themselves_is_kept_while_the_link_is_away(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut socket = open(&at(&other, "bob").await, Door::All).await;
        let said = say(&ana, room, "1").await;
        next_changes(&mut socket, 1).await;
        other.wire.cut();
        let keep = UpdateSettings { send_read_receipts: Some(false), ..UpdateSettings::default() };
        bob.update_me(&UpdateMe { settings: Some(keep), ..UpdateMe::default() }).await.unwrap();
        let learnt = async {
            loop {
                let mut shared = None;
                other.app.hub.for_each(|connection| shared = Some(connection.shared().receipts));
                if shared == Some(false) {
                    break;
                }
                drain(&mut socket).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), learnt).await.unwrap();
        assert_eq!(said.read_by_count, 0);
    }

    /// Nothing is told twice, and nobody is told to ask, where all is well.
    async fn all_is_quiet_where_all_is_well(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut socket = open(&at(&other, "ana").await, Door::All).await;
        server.statements.listen();
        for text in ["1", "2", "3"] {
            say(&ana, room, text).await;
        }
        next_changes(&mut socket, 3).await;
        assert!(drain(&mut socket).await.is_empty());
        assert_eq!(server.statements.count(&["revision > ", "FROM messages"]), 0);
    }
}
