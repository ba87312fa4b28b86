//! Friends see each other come and go; whom a block parts do not.

use charla_client::{Client, Door, Socket};
use charla_protocol::{
    UserId,
    actions::Action,
    events::{Event, StatusAction},
    users::UpdateSettings,
};
use charla_testing::{TestServer, on_each_database};

use super::support::set;
use crate::support::{act, befriend, drain, open, wait_for};

fn told(event: Event) -> Option<(StatusAction, UserId)> {
    match event {
        Event::UserStatus(status) => Some((status.action, status.user_id)),
        _ => None,
    }
}

async fn status(socket: &mut Socket) -> (StatusAction, UserId) {
    wait_for(socket, told).await
}

/// What else there is to be heard of coming and going.
async fn more(socket: &mut Socket) -> Vec<(StatusAction, UserId)> {
    drain(socket).await.into_iter().filter_map(told).collect()
}

/// Whom `online-status/` has, and whether they are online.
async fn statuses(client: &Client) -> Vec<(String, bool)> {
    let mut statuses: Vec<_> = client.online_statuses().await.unwrap().results;
    statuses.sort_by(|one, other| one.user.username.cmp(&other.user.username));
    statuses.into_iter().map(|status| (status.user.username, status.is_online)).collect()
}

on_each_database! {
    async fn friends_see_each_other_come(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let (kim, kim_user) = server.person("kim").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        befriend((&ana, ana_user.user.id), (&kim, kim_user.user.id)).await;
        ana.direct_chat(kim_user.user.id).await.unwrap();
        ana.direct_chat(eve_user.user.id).await.unwrap();
        set(&eve, UpdateSettings { show_last_seen: Some(false), ..UpdateSettings::default() }).await;
        let (mut bobs, mut kims, mut eves) =
            (open(&bob, Door::All).await, open(&kim, Door::All).await, open(&eve, Door::All).await);
        let _anas = open(&ana, Door::All).await;
        assert_eq!(status(&mut bobs).await, (StatusAction::UserOnline, ana_user.user.id));
        assert_eq!(status(&mut kims).await, (StatusAction::UserOnline, ana_user.user.id));
        assert_eq!(more(&mut kims).await, [], "once, though they share a room and are friends");
        assert_eq!(more(&mut eves).await, [], "who hides theirs does not see others'");
        let expected = [("bob", true), ("eve", false), ("kim", true)].map(|(name, is)| (name.to_owned(), is));
        assert_eq!(statuses(&ana).await, expected);
        assert_eq!(statuses(&bob).await, [("ana".to_owned(), true)]);
        assert!(bob.user(ana_user.user.id).await.unwrap().is_online);
        assert!(!bob.user(kim_user.user.id).await.unwrap().is_online, "no stranger's");
    }

    async fn whom_a_block_parts_see_nothing_of_each_other(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        ana.block(bob_user.user.id).await.unwrap();
        assert_eq!(status(&mut bobs).await, (StatusAction::UserOffline, ana_user.user.id));
        wait_for(&mut anas, |event| matches!(event, Event::UserStatus(status) if status.action == StatusAction::UserOffline).then_some(())).await;
        wait_for(&mut anas, |event| matches!(event, Event::Friendship(_)).then_some(())).await;
        for (client, other) in [(&ana, bob_user.user.id), (&bob, ana_user.user.id)] {
            assert!(statuses(client).await.is_empty());
            let seen = client.user(other).await.unwrap();
            assert_eq!((seen.is_online, seen.last_seen), (false, None));
        }
        // Neither opening the room nor writing in it is told, whichever socket was there first.
        act(&mut anas, Some(room), None, Action::Focus).await;
        drain(&mut anas).await;
        let mut late = open(&bob, Door::Room(room)).await;
        for socket in [&mut late, &mut bobs] {
            act(socket, Some(room), None, Action::Focus).await;
            act(socket, Some(room), None, Action::Typing { is_typing: true }).await;
            drain(socket).await;
            assert!(drain(&mut anas).await.is_empty());
        }
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(status(&mut bobs).await, (StatusAction::UserOnline, ana_user.user.id));
        assert_eq!(statuses(&ana).await, [("bob".to_owned(), true)]);
    }

    /// A block that was there before the sockets holds for them too, and so it does for who comes online.
    async fn a_block_holds_for_sockets_that_come_later(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        bob.block(ana_user.user.id).await.unwrap();
        let mut anas = open(&ana, Door::Room(room)).await;
        let mut bobs = open(&bob, Door::Room(room)).await;
        act(&mut bobs, None, None, Action::Typing { is_typing: true }).await;
        drain(&mut bobs).await;
        let told = drain(&mut anas).await;
        let is_gone = |event: &Event| matches!(event, Event::UserStatus(status) if status.action == StatusAction::UserOffline);
        assert!(told.iter().all(is_gone), "{told:?}");
    }
}
