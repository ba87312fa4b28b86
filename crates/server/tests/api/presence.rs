//! Who is there, who looks at a room and who writes in it: told to whom it may be told, and right when clients vanish.

use std::time::Duration;

use charla_client::{Client, Door, Socket};
use charla_protocol::{
    RoomId, UserId,
    actions::Action,
    events::{Event, StatusAction},
    rooms::Visibility,
    users::{UpdateMe, UpdateSettings},
};
use charla_server::clock::Clock;
use charla_testing::{DatabaseKind, TestServer};

use crate::support::{acquaintances, act, drain, next_status, open, statuses, wait_for};

async fn focus(socket: &mut Socket, room: Option<RoomId>) {
    act(socket, room, None, Action::Focus).await;
    drain(socket).await;
}

async fn show(client: &Client, is_shown: bool) {
    let settings = UpdateSettings { show_last_seen: Some(is_shown), ..UpdateSettings::default() };
    client.update_me(&UpdateMe { settings: Some(settings), ..UpdateMe::default() }).await.unwrap();
}

async fn write_in(socket: &mut Socket, room: RoomId) {
    act(socket, Some(room), None, Action::Typing { is_typing: true }).await;
    drain(socket).await;
}

fn typists(events: &[Event]) -> Vec<(UserId, bool)> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Typing(typing) => Some((typing.user_id, typing.is_typing)),
            _ => None,
        })
        .collect()
}

/// Who neither says goodbye nor answers pings is offline within 40 seconds, and was last seen when they went silent.
#[tokio::test]
async fn who_vanishes_is_offline_within_forty_seconds() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, bob, bob_id) = acquaintances(&server).await;
    let mut anas = open(&ana, Door::All).await;
    // Nothing reads from Bob's socket any more, so that nothing answers the pings.
    let _vanished = open(&bob, Door::All).await;
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOnline, bob_id));
    server.clock.advance(Duration::from_secs(13));
    drain(&mut anas).await;
    assert!(ana.user(bob_id).await.unwrap().is_online);
    server.clock.advance(Duration::from_secs(14));
    // Ana is there, and says so.
    drain(&mut anas).await;
    while server.app.hub.is_online(bob_id) {
        drain(&mut anas).await;
        tokio::task::yield_now().await;
    }
    assert!(ana.user(bob_id).await.unwrap().is_online, "he may yet come back");
    server.clock.advance(Duration::from_secs(11));
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOffline, bob_id));
    let seen = ana.user(bob_id).await.unwrap();
    assert!(!seen.is_online);
    assert!(seen.last_seen.unwrap().plus_millis(40_000) > server.clock.now());
}

/// The time of day is not what spans are measured by.
#[tokio::test]
async fn a_clock_that_is_set_ends_no_socket_and_holds_up_nothing() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    ana.direct_chat(bob_user.user.id).await.unwrap();
    let mut anas = open(&ana, Door::All).await;
    focus(&mut anas, Some(room)).await;
    let mut bobs = open(&bob, Door::All).await;
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOnline, bob_user.user.id));
    server.clock.set(60_000);
    // Nothing is read from the sockets meanwhile: no ping is answered, and a turn of the wheel would end them.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(server.app.hub.sockets_of(bob_user.user.id), 1);
    write_in(&mut bobs, room).await;
    server.clock.set(-3_600_000);
    server.clock.advance(Duration::from_secs(7));
    let faded = |event| match event {
        Event::Typing(typing) => (!typing.is_typing).then_some(typing.user_id),
        _ => None,
    };
    assert_eq!(wait_for(&mut anas, faded).await, bob_user.user.id);
    // Who vanishes is found, and is gone ten seconds later.
    for seconds in [14, 14] {
        server.clock.advance(Duration::from_secs(seconds));
        drain(&mut anas).await;
    }
    while server.app.hub.is_online(bob_user.user.id) {
        drain(&mut anas).await;
    }
    server.clock.advance(Duration::from_secs(11));
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOffline, bob_user.user.id));
}

#[tokio::test]
async fn of_two_sockets_one_may_vanish() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, bob, bob_id) = acquaintances(&server).await;
    let mut anas = open(&ana, Door::All).await;
    let (_vanished, mut bobs) = (open(&bob, Door::All).await, open(&bob, Door::All).await);
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOnline, bob_id));
    for seconds in [14, 14] {
        server.clock.advance(Duration::from_secs(seconds));
        drain(&mut anas).await;
        drain(&mut bobs).await;
    }
    while server.app.hub.sockets_of(bob_id) > 1 {
        drain(&mut anas).await;
        drain(&mut bobs).await;
    }
    server.clock.advance(Duration::from_secs(11));
    for _ in 0..20 {
        assert!(statuses(&mut anas).await.is_empty());
    }
    assert!(ana.user(bob_id).await.unwrap().is_online);
}

/// A client that comes back in time has never been away, nor come anew, whatever became of its old socket.
#[tokio::test]
async fn a_quick_return_is_told_to_nobody() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, bob, bob_id) = acquaintances(&server).await;
    let mut anas = open(&ana, Door::All).await;
    let bobs = open(&bob, Door::All).await;
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOnline, bob_id));
    // Without a goodbye: the connection is cut.
    drop(bobs);
    while server.app.hub.is_online(bob_id) {
        tokio::task::yield_now().await;
    }
    server.clock.advance(Duration::from_secs(9));
    let mut bobs = open(&bob, Door::All).await;
    server.clock.advance(Duration::from_secs(9));
    drain(&mut bobs).await;
    for _ in 0..20 {
        assert!(statuses(&mut anas).await.is_empty());
    }
}

/// Looking at a room is shown by those, and to those, who show whether they are there; from one moment to the next.
#[tokio::test]
async fn who_hides_is_not_seen_in_a_room_and_sees_nobody() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, ana_user) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let (eve, eve_user) = server.person("eve").await;
    let (ana_id, eve_id) = (ana_user.user.id, eve_user.user.id);
    let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
    show(&eve, false).await;
    let [mut anas, mut bobs, mut eves] = [
        open(&ana, Door::Room(room)).await,
        open(&bob, Door::Room(room)).await,
        open(&eve, Door::Room(room)).await,
    ];
    assert_eq!(statuses(&mut anas).await, [(StatusAction::UserJoined, bob_user.user.id)]);
    assert!(statuses(&mut eves).await.is_empty());
    let mut again = open(&ana, Door::All).await;
    focus(&mut again, Some(room)).await;
    show(&eve, true).await;
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserJoined, eve_id));
    show(&ana, false).await;
    assert_eq!(
        statuses(&mut bobs).await,
        [(StatusAction::UserJoined, eve_id), (StatusAction::UserLeft, ana_id)]
    );
    show(&eve, false).await;
    assert_eq!(statuses(&mut bobs).await, [(StatusAction::UserLeft, eve_id)]);
    assert!(statuses(&mut anas).await.is_empty(), "who hides now sees nobody");
    // Leaving is as little told as coming.
    eves.close().await.unwrap();
    anas.close().await.unwrap();
    focus(&mut again, None).await;
    while server.app.hub.is_online(eve_id) || server.app.hub.sockets_of(ana_id) > 1 {
        tokio::task::yield_now().await;
    }
    assert!(statuses(&mut bobs).await.is_empty());
}

/// Who hides is as if they had gone, and comes back when they show it again.
#[tokio::test]
async fn hiding_looks_like_going() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, bob, bob_id) = acquaintances(&server).await;
    let mut anas = open(&ana, Door::All).await;
    let mut bobs = open(&bob, Door::All).await;
    assert_eq!(next_status(&mut anas).await, (StatusAction::UserOnline, bob_id));
    show(&bob, false).await;
    assert_eq!(statuses(&mut anas).await, [(StatusAction::UserOffline, bob_id)]);
    assert!(!ana.user(bob_id).await.unwrap().is_online);
    show(&bob, true).await;
    assert_eq!(statuses(&mut anas).await, [(StatusAction::UserOnline, bob_id)]);
    assert!(statuses(&mut bobs).await.is_empty(), "nothing of oneself");
}

/// Typing that goes on is told again now and then, so that who opens the room later sees it too.
#[tokio::test]
async fn who_comes_late_sees_who_is_typing() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    let (bob_id, seconds) = (bob_user.user.id, Duration::from_secs);
    let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
    let (mut anas, mut bobs) = (open(&ana, Door::Room(room)).await, open(&bob, Door::Room(room)).await);
    write_in(&mut bobs, room).await;
    server.clock.advance(seconds(2));
    write_in(&mut bobs, room).await;
    assert_eq!(typists(&drain(&mut anas).await), [(bob_id, true)], "not each sign by itself");
    let mut late = open(&ana, Door::Room(room)).await;
    server.clock.advance(seconds(2));
    write_in(&mut bobs, room).await;
    assert_eq!(typists(&drain(&mut late).await), [(bob_id, true)]);
    assert_eq!(typists(&drain(&mut anas).await), [(bob_id, true)]);
    server.clock.advance(seconds(5));
    assert!(typists(&drain(&mut late).await).is_empty());
    server.clock.advance(seconds(2));
    let faded = wait_for(&mut late, |event| typists(&[event]).pop()).await;
    assert_eq!(faded, (bob_id, false), "six seconds after the last sign");
}
