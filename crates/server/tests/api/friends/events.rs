//! `friend_request`, `friendship` and `profile_updated`: on the account's door alone.

use charla_client::{Door, Socket};
use charla_protocol::{
    events::Event,
    users::{Friendship, UpdateMe, User},
};
use charla_testing::{TestServer, on_each_database};

use super::support::ask;
use crate::support::{befriend, drain, open, wait_for};

/// Waits until the account has this with somebody, and gives them. What was told of before may come late.
async fn told(socket: &mut Socket, friendship: Friendship) -> User {
    wait_for(socket, |event| match event {
        Event::Friendship(person) => Some(*person).filter(|person| person.friendship == friendship),
        _ => None,
    })
    .await
}

on_each_database! {
    async fn both_accounts_hear_of_a_request_and_of_its_answer(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        let mut rooms = open(&bob, Door::Room(room)).await;
        drain(&mut rooms).await;
        let request = ask(&ana, bob_user.user.id).await;
        for socket in [&mut anas, &mut bobs] {
            let heard = wait_for(socket, |event| match event {
                Event::FriendRequest(request) => Some(request),
                _ => None,
            })
            .await;
            assert_eq!((heard.id, heard.sender.id, heard.receiver.id), (request, ana_user.user.id, bob_user.user.id));
        }
        ana.request_friendship(bob_user.user.id).await.unwrap();
        bob.accept_friend_request(request).await.unwrap();
        assert_eq!(told(&mut bobs, Friendship::Friends).await.id, ana_user.user.id);
        let friend = told(&mut anas, Friendship::Friends).await;
        assert_eq!((friend.id, friend.is_online), (bob_user.user.id, true));
        bob.end_friendship(ana_user.user.id).await.unwrap();
        told(&mut anas, Friendship::None).await;
        told(&mut bobs, Friendship::None).await;
        let request = ask(&ana, bob_user.user.id).await;
        ana.cancel_friend_request(request).await.unwrap();
        told(&mut bobs, Friendship::None).await;
        let heard = drain(&mut rooms).await;
        assert!(heard.iter().all(|event| matches!(event, Event::UserStatus(_))), "{heard:?}");
    }

    /// Who was blocked hears that the friendship has ended, and nothing where there was none.
    async fn a_block_is_told_to_who_has_set_it(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        let (mut bobs, mut anas) = (open(&bob, Door::All).await, open(&ana, Door::All).await);
        // Told beside the arrival: later it would count as told behind the block.
        wait_for(&mut bobs, |event| matches!(event, Event::UserStatus(_)).then_some(())).await;
        ana.block(bob_user.user.id).await.unwrap();
        assert!(!told(&mut anas, Friendship::Blocked).await.is_online);
        let other = told(&mut bobs, Friendship::None).await;
        assert_eq!((other.is_online, other.last_seen), (false, None));
        ana.unblock(bob_user.user.id).await.unwrap();
        told(&mut anas, Friendship::None).await;
        ana.block(bob_user.user.id).await.unwrap();
        told(&mut anas, Friendship::Blocked).await;
        let heard = drain(&mut bobs).await;
        assert!(heard.is_empty(), "{heard:?}");
    }

    /// Friends hear of a changed profile, once, whether or not they share a room.
    async fn friends_hear_of_a_changed_profile(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        befriend((&ana, ana_user.user.id), (&eve, eve_user.user.id)).await;
        ana.direct_chat(eve_user.user.id).await.unwrap();
        let mut sockets = [open(&bob, Door::All).await, open(&eve, Door::All).await];
        let profile = UpdateMe { display_name: Some("Ana López".to_owned()), ..UpdateMe::default() };
        ana.update_me(&profile).await.unwrap();
        for socket in &mut sockets {
            let heard = drain(socket).await;
            let names = heard.iter().filter_map(|event| match event {
                Event::ProfileUpdated(person) => Some(person.display_name.as_str()),
                _ => None,
            });
            assert_eq!(names.collect::<Vec<_>>(), ["Ana López"]);
        }
    }
}
