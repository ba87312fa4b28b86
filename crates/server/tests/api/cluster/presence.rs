//! Who is online, on whichever node.

use std::time::Duration;

use charla_broker::{Delivery, Fate, Listener, News, Topic};
use charla_client::{Client, Door, Socket};
use charla_protocol::{
    UserId,
    actions::Action,
    events::{Event, StatusAction},
    rooms::Visibility,
};
use charla_server::clock::Clock;
use charla_testing::{TestServer, on_each_database};

use super::support::at;
use crate::support::{Status, acquaintances, act, next_status, open, statuses, wait_for, wait_for_close};

/// Time goes by for these nodes, as their wheels would have it, and everybody at these sockets shows that they are there. Gives what
/// each was told meanwhile.
async fn pass<const N: usize>(
    seconds: u64,
    nodes: &[&TestServer],
    mut sockets: [&mut Socket; N],
) -> [Vec<Status>; N] {
    let mut seen = [const { Vec::new() }; N];
    for _ in 0..=seconds.div_ceil(5) {
        for (socket, seen) in sockets.iter_mut().zip(&mut seen) {
            seen.extend(statuses(socket).await);
        }
        nodes[0].clock.advance(Duration::from_secs(5));
        for node in nodes {
            node.app.turn_presence();
            node.app.tend_presence().await;
        }
    }
    seen
}

/// The one thing that was told: by now, or in a moment, where the node's own wheel was faster than the test.
async fn the_one(socket: &mut Socket, seen: &[Status]) -> Status {
    match seen {
        [] => next_status(socket).await,
        [one] => *one,
        more => panic!("told more than once: {more:?}"),
    }
}

async fn closed(node: &TestServer, mut socket: Socket, user: UserId, left: usize) {
    socket.close().await.unwrap();
    wait_for_close(&mut socket).await;
    while node.app.hub.sockets_of(user) > left {
        tokio::task::yield_now().await;
    }
}

/// Waits until the node has read what nodes say that are cut off, which is once a second.
async fn has_looked(node: &TestServer) {
    let mut looks = 0;
    while looks < 2 {
        node.statements.listen();
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        looks += node.statements.count(&["FROM server_state", "LIKE"]);
    }
}

async fn is_online(client: &Client, user: UserId) -> bool {
    let status = client.online_statuses().await.unwrap().results;
    let seen = client.user(user).await.unwrap().is_online;
    assert!(status.iter().filter(|status| status.user.id == user).all(|status| status.is_online == seen));
    seen
}

on_each_database! {
    async fn coming_and_going_is_told_once_on_each_node(server: TestServer) {
        let other = server.node().await;
        let (ana, bob, bob_id) = acquaintances(&server).await;
        let far = at(&other, "ana").await;
        let (mut here, mut there) = (open(&ana, Door::All).await, open(&far, Door::All).await);
        let bobs = open(&bob, Door::All).await;
        for socket in [&mut here, &mut there] {
            assert_eq!(next_status(socket).await, (StatusAction::UserOnline, bob_id));
        }
        assert!(is_online(&ana, bob_id).await && is_online(&far, bob_id).await);
        // On both nodes, and then on the other alone.
        let elsewhere = open(&at(&other, "bob").await, Door::All).await;
        closed(&server, bobs, bob_id, 0).await;
        let nodes = [&server, &other];
        assert_eq!(pass(20, &nodes, [&mut here, &mut there]).await, [[], []]);
        assert!(is_online(&ana, bob_id).await && is_online(&far, bob_id).await);
        let left_at = server.clock.now();
        closed(&other, elsewhere, bob_id, 0).await;
        let gone = (StatusAction::UserOffline, bob_id);
        let seen = pass(20, &nodes, [&mut here, &mut there]).await;
        assert_eq!(the_one(&mut here, &seen[0]).await, gone);
        assert_eq!(the_one(&mut there, &seen[1]).await, gone);
        assert!(!is_online(&ana, bob_id).await && !is_online(&far, bob_id).await);
        let seen = ana.user(bob_id).await.unwrap().last_seen.unwrap();
        assert!((0..5_000).contains(&(seen.millis() - left_at.millis())));
    }

    async fn who_was_on_a_node_that_dies_is_offline_within_forty_seconds(server: TestServer) {
        let other = server.node().await;
        let (ana, _, bob_id) = acquaintances(&server).await;
        let mut here = open(&ana, Door::All).await;
        let mut bobs = open(&at(&other, "bob").await, Door::All).await;
        assert_eq!(next_status(&mut here).await, (StatusAction::UserOnline, bob_id));
        let died_at = server.clock.now();
        other.wire.kill();
        let [seen, _] = pass(20, &[&server], [&mut here, &mut bobs]).await;
        assert_eq!(seen, []);
        let [seen, _] = pass(10, &[&server], [&mut here, &mut bobs]).await;
        assert_eq!(the_one(&mut here, &seen).await, (StatusAction::UserOffline, bob_id));
        let seen = ana.user(bob_id).await.unwrap().last_seen.unwrap();
        assert!((-5_000..5_000).contains(&(seen.millis() - died_at.millis())));
        // It was only stopped: at its first sign its people are there again.
        other.wire.mend();
        assert_eq!(next_status(&mut here).await, (StatusAction::UserOnline, bob_id));
        assert!(is_online(&ana, bob_id).await);
    }

    async fn who_looked_at_a_room_on_a_node_that_dies_has_left_it(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let (room, bob_id) =
            (server.group(&ana, Visibility::Private, &[&bob_user]).await.id, bob_user.user.id);
        let mut here = open(&ana, Door::Room(room)).await;
        let mut bobs = open(&at(&other, "bob").await, Door::Room(room)).await;
        let (joined, left) = ((StatusAction::UserJoined, bob_id), (StatusAction::UserLeft, bob_id));
        assert_eq!(next_status(&mut here).await, joined);
        other.wire.kill();
        let [seen, _] = pass(20, &[&server], [&mut here, &mut bobs]).await;
        assert_eq!(seen, []);
        let [seen, _] = pass(10, &[&server], [&mut here, &mut bobs]).await;
        assert_eq!(the_one(&mut here, &seen).await, left);
        // It was only stopped: at its first sign its people are there again, and nobody twice.
        other.wire.mend();
        assert_eq!(next_status(&mut here).await, joined);
        // What happens while nobody is told of it is found out.
        other.wire.cut();
        closed(&other, bobs, bob_id, 0).await;
        other.wire.mend();
        assert_eq!(next_status(&mut here).await, left);
        assert_eq!(pass(20, &[&server, &other], [&mut here]).await, [[]]);
    }

    /// Somebody goes while nothing can be written: it is not stored, but the others go on hearing of this node.
    async fn a_database_in_trouble_makes_no_node_look_dead(server: TestServer) {
        let other = server.node().await;
        let (bob, bob_user) = server.person("bob").await;
        let bobs = open(&bob, Door::All).await;
        // All connections that write.
        let mut held = Vec::new();
        while let Ok(Ok(tx)) = tokio::time::timeout(Duration::from_secs(1), server.app.db.begin()).await {
            held.push(tx);
        }
        closed(&server, bobs, bob_user.user.id, 0).await;
        server.clock.advance(Duration::from_secs(11));
        while server.app.presence.is_online(bob_user.user.id) {
            tokio::task::yield_now().await;
        }
        let (sender, mut beats) = tokio::sync::mpsc::unbounded_channel();
        other.wire.judge(move |_, delivery| {
            if let Delivery::Presence { news: News::Beat { .. }, .. } = delivery {
                sender.send(()).ok();
            }
            Fate::Arrives
        });
        for _ in 0..3 {
            server.clock.advance(Duration::from_secs(5));
            tokio::time::timeout(Duration::from_secs(3), beats.recv()).await.expect("it beats");
        }
    }

    /// However many were on it.
    async fn the_people_of_a_dead_node_are_stored_with_one_statement(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (mut sockets, mut people) = (Vec::new(), Vec::new());
        for name in ["bob", "eve", "joe"] {
            let (_, user) = server.person(name).await;
            ana.direct_chat(user.user.id).await.unwrap();
            people.push(user.user.id);
            sockets.push(open(&at(&other, name).await, Door::All).await);
        }
        let mut here = open(&ana, Door::All).await;
        other.wire.kill();
        server.statements.listen();
        let [mut seen] = pass(35, &[&server], [&mut here]).await;
        while seen.len() < people.len() {
            seen.push(next_status(&mut here).await);
        }
        seen.sort_unstable_by_key(|(_, user)| *user);
        people.sort_unstable();
        let expected: Vec<Status> = people.iter().map(|user| (StatusAction::UserOffline, *user)).collect();
        assert_eq!(seen, expected, "each once");
        assert_eq!(server.statements.count(&["UPDATE users SET last_seen"]), 1);
    }

    /// A node starts anew with another name, and its people come back to it.
    async fn a_restart_is_told_to_nobody(server: TestServer) {
        let mut other = server.node().await;
        let (ana, _, bob_id) = acquaintances(&server).await;
        let mut here = open(&ana, Door::All).await;
        let _bobs = open(&at(&other, "bob").await, Door::All).await;
        assert_eq!(next_status(&mut here).await, (StatusAction::UserOnline, bob_id));
        other.restart().await;
        let mut bobs = open(&at(&other, "bob").await, Door::All).await;
        assert_eq!(pass(60, &[&server, &other], [&mut here, &mut bobs]).await, [[], []]);
        assert!(is_online(&ana, bob_id).await);
    }

    async fn a_link_that_is_away_for_minutes_makes_no_flood(server: TestServer) {
        let other = server.node().await;
        let (ana, bob, bob_id) = acquaintances(&server).await;
        let mut here = open(&ana, Door::All).await;
        let mut bobs = open(&at(&other, "bob").await, Door::All).await;
        assert_eq!(next_status(&mut here).await, (StatusAction::UserOnline, bob_id));
        for node in [&server, &other] {
            node.wire.cut();
        }
        assert_eq!(pass(180, &[&server, &other], [&mut here, &mut bobs]).await, [[], []]);
        for node in [&server, &other] {
            node.wire.mend();
        }
        assert_eq!(pass(60, &[&server, &other], [&mut here, &mut bobs]).await, [[], []]);
        assert!(is_online(&ana, bob_id).await);
        // Who went meanwhile is found to be gone.
        other.wire.cut();
        closed(&other, bobs, bob_id, 0).await;
        other.wire.mend();
        let [seen] = pass(20, &[&server, &other], [&mut here]).await;
        assert_eq!(the_one(&mut here, &seen).await, (StatusAction::UserOffline, bob_id));
        assert_eq!(pass(20, &[&server, &other], [&mut here]).await, [[]]);
        assert!(!is_online(&ana, bob_id).await && !bob.user(bob_id).await.unwrap().is_online);
    }

    /// The others can't hear it, and see by the database that it lives.
    async fn nobody_is_gone_because_their_node_is_cut_off_alone(server: TestServer) {
        let other = server.node().await;
        let (ana, _, bob_id) = acquaintances(&server).await;
        let mut here = open(&ana, Door::All).await;
        let _bobs = open(&at(&other, "bob").await, Door::All).await;
        assert_eq!(next_status(&mut here).await, (StatusAction::UserOnline, bob_id));
        other.wire.cut();
        for _ in 0..3 {
            has_looked(&server).await;
            assert_eq!(pass(10, &[&server], [&mut here]).await, [[]]);
        }
        assert!(is_online(&ana, bob_id).await);
        // Until it dies.
        other.wire.kill();
        let [seen] = pass(40, &[&server], [&mut here]).await;
        assert_eq!(the_one(&mut here, &seen).await, (StatusAction::UserOffline, bob_id));
    }

    /// What it said after its goodbye would have it there again for the others, with all its people.
    async fn a_node_that_has_said_goodbye_says_nothing_more(server: TestServer) {
        let other = server.node().await;
        let (bob, _) = server.person("bob").await;
        let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
        let node = server.app.presence.node();
        other.wire.judge(move |_, delivery| {
            if let Delivery::Presence { node: of, news } = delivery
                && *of == node
            {
                sender.send(news.clone()).ok();
            }
            Fate::Arrives
        });
        let _bobs = open(&bob, Door::All).await;
        server.app.note_everybody_seen().await;
        server.clock.advance(Duration::from_secs(5));
        server.app.turn_presence();
        server.app.hub.deliver(
            Topic::Nodes,
            &Delivery::Presence { node: other.app.presence.node(), news: News::Ask(None) },
        );
        let mut news = Vec::new();
        while let Ok(one) = told.try_recv() {
            news.push(one);
        }
        assert_eq!(news.last(), Some(&News::Bye), "{news:?}");
    }

    /// A node that comes later knows of everybody.
    async fn a_new_node_knows_who_is_there(server: TestServer) {
        let (_, bob, bob_id) = acquaintances(&server).await;
        let _bobs = open(&bob, Door::All).await;
        let other = server.node().await;
        assert!(is_online(&at(&other, "ana").await, bob_id).await);
    }

    /// Writing ends at the readers, though nobody tells it any more, when its sign is not repeated; what was told is told again.
    async fn typing_is_told_from_node_to_node(server: TestServer) {
        let other = server.node().await;
        let (ana, _) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut here = open(&ana, Door::Room(room)).await;
        let mut bobs = open(&at(&other, "bob").await, Door::Room(room)).await;
        act(&mut bobs, None, None, Action::Typing { is_typing: true }).await;
        let typing = |event| match event {
            Event::Typing(typing) => Some((typing.user_id, typing.is_typing)),
            _ => None,
        };
        assert_eq!(wait_for(&mut here, typing).await, (bob_user.user.id, true));
        server.clock.advance(Duration::from_secs(7));
        assert_eq!(wait_for(&mut here, typing).await, (bob_user.user.id, false));
    }
}
