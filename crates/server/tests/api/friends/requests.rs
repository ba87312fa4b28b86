//! Asking for friendship, answering, and ending it.

use charla_db::queries;
use charla_protocol::{ErrorCode, FriendRequestId, UserId, friends::RequestDirection, users::Friendship};
use charla_testing::{TestServer, on_each_database};

use super::support::{ask, friendship, request_counts, usernames};
use crate::support::{befriend, refusal};

const NOT_FOUND: (u16, ErrorCode) = (404, ErrorCode::NotFound);
const FORBIDDEN: (u16, ErrorCode) = (403, ErrorCode::Forbidden);

on_each_database! {
    async fn who_is_asked_accepts(server: TestServer) {
        let (ana, ana_id) = server.person("ana").await;
        let (bob, bob_id) = server.person("bob").await;
        let (ana_id, bob_id) = (ana_id.user.id, bob_id.user.id);
        let asked = ana.request_friendship(bob_id).await.unwrap();
        assert!(asked.is_new);
        assert_eq!(asked.value.user.friendship, Friendship::Outgoing);
        let request = asked.value.request.unwrap();
        assert_eq!((request.sender.id, request.receiver.id), (ana_id, bob_id));
        let again = ana.request_friendship(bob_id).await.unwrap();
        assert!(!again.is_new);
        assert_eq!(again.value.request.as_ref(), Some(&request), "asking again changes nothing");
        assert_eq!(friendship(&bob, ana_id).await, Friendship::Incoming);
        assert_eq!(ana.search_users("bob").await.unwrap().results[0].friendship, Friendship::Outgoing);
        let incoming = bob.friend_requests(RequestDirection::Incoming).await.unwrap().results;
        assert_eq!(incoming, ana.friend_requests(RequestDirection::Outgoing).await.unwrap().results);
        assert_eq!(incoming, std::slice::from_ref(&request));
        assert_eq!((request_counts(&ana).await, request_counts(&bob).await), ((0, 1), (1, 0)));
        assert!(ana.friends().await.unwrap().results.is_empty());

        let friend = bob.accept_friend_request(request.id).await.unwrap();
        assert_eq!((friend.id, friend.friendship), (ana_id, Friendship::Friends));
        assert_eq!((request_counts(&ana).await, request_counts(&bob).await), ((0, 0), (0, 0)));
        let friends = ana.friends().await.unwrap().results;
        assert_eq!(usernames(&friends), ["bob"]);
        assert_eq!(friends[0].friendship, Friendship::Friends);
        assert_eq!(friends, ana.search_users("bob").await.unwrap().results);
        assert_eq!(usernames(&bob.friends().await.unwrap().results), ["ana"]);
        let again = ana.request_friendship(bob_id).await.unwrap();
        assert!(!again.is_new);
        assert_eq!((again.value.user.friendship, again.value.request), (Friendship::Friends, None));
        assert_eq!(refusal(bob.accept_friend_request(request.id).await), NOT_FOUND);
    }

    async fn a_request_is_declined_or_cancelled_and_may_come_again(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let request = ask(&ana, bob_user.user.id).await;
        bob.decline_friend_request(request).await.unwrap();
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::None);
        assert_eq!(refusal(bob.decline_friend_request(request).await), NOT_FOUND);
        let request = ask(&ana, bob_user.user.id).await;
        ana.cancel_friend_request(request).await.unwrap();
        assert_eq!(refusal(bob.accept_friend_request(request).await), NOT_FOUND);
        assert_eq!((request_counts(&ana).await, request_counts(&bob).await), ((0, 0), (0, 0)));
        let request = ask(&bob, ana_user.user.id).await;
        ana.accept_friend_request(request).await.unwrap();
    }

    /// Others' requests are not there; the two who know of one may each do their own part alone.
    async fn each_answers_what_is_theirs(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let request = ask(&ana, bob_user.user.id).await;
        let unknown = FriendRequestId(uuid::Uuid::from_u128(1));
        for (client, id, refused) in [(&eve, request, NOT_FOUND), (&bob, unknown, NOT_FOUND), (&ana, request, FORBIDDEN)] {
            assert_eq!(refusal(client.accept_friend_request(id).await), refused);
            assert_eq!(refusal(client.decline_friend_request(id).await), refused);
        }
        for (client, id, refused) in [(&eve, request, NOT_FOUND), (&ana, unknown, NOT_FOUND), (&bob, request, FORBIDDEN)] {
            assert_eq!(refusal(client.cancel_friend_request(id).await), refused);
        }
        assert_eq!(request_counts(&eve).await, (0, 0));
        assert_eq!(request_counts(&bob).await, (1, 0));
    }

    async fn nobody_asks_themselves_or_who_is_not_there(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, eve_user) = server.person("eve").await;
        assert_eq!(refusal(ana.request_friendship(ana_user.user.id).await), (400, ErrorCode::ValidationFailed));
        let unknown = UserId(uuid::Uuid::from_u128(1));
        assert_eq!(refusal(ana.request_friendship(unknown).await), NOT_FOUND);
        assert_eq!(refusal(ana.end_friendship(unknown).await), NOT_FOUND);
        let request = ask(&ana, bob_user.user.id).await;
        deactivate(&server, ana_user.user.id).await;
        deactivate(&server, eve_user.user.id).await;
        assert_eq!(refusal(bob.request_friendship(eve_user.user.id).await), NOT_FOUND);
        assert_eq!(refusal(bob.accept_friend_request(request).await), NOT_FOUND);
        assert_eq!(request_counts(&bob).await, (0, 0), "who is gone asks nobody");
    }

    async fn either_of_two_friends_ends_it(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        befriend((&eve, eve_user.user.id), (&ana, ana_user.user.id)).await;
        assert_eq!(usernames(&ana.friends().await.unwrap().results), ["bob", "eve"]);
        assert_eq!(refusal(eve.end_friendship(bob_user.user.id).await), NOT_FOUND);
        bob.end_friendship(ana_user.user.id).await.unwrap();
        assert_eq!(refusal(ana.end_friendship(bob_user.user.id).await), NOT_FOUND);
        assert_eq!(friendship(&ana, bob_user.user.id).await, Friendship::None);
        assert_eq!(usernames(&ana.friends().await.unwrap().results), ["eve"]);
        deactivate(&server, eve_user.user.id).await;
        assert!(ana.friends().await.unwrap().results.is_empty(), "who is gone is nobody's friend");
    }
}

async fn deactivate(server: &TestServer, id: UserId) {
    let tx = server.app.db.begin().await.unwrap();
    let mut row = queries::users::lock(&tx, id).await.unwrap().unwrap();
    row.is_active = false;
    queries::users::update(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}
