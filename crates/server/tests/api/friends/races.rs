//! Many at once: whatever the order, two people have one thing with each other, and both see the same.

use charla_client::{Client, Result};
use charla_protocol::{FriendRequestId, UserId, friends::RequestDirection, users::Friendship};
use charla_testing::{TestServer, on_each_database};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;

use super::support::{ask, friendship, request_counts};
use crate::support::{refusal, say, text};

/// One of the things that somebody may do about somebody else, by chance.
async fn act(client: &Client, other: UserId, choice: u32) -> Result<()> {
    let first = async |direction| -> Result<Option<FriendRequestId>> {
        Ok(client.friend_requests(direction).await?.results.first().map(|request| request.id))
    };
    match choice {
        0..=2 => client.request_friendship(other).await.map(drop),
        3 => match first(RequestDirection::Incoming).await? {
            Some(id) => client.accept_friend_request(id).await.map(drop),
            None => Ok(()),
        },
        4 => match first(RequestDirection::Incoming).await? {
            Some(id) => client.decline_friend_request(id).await,
            None => Ok(()),
        },
        5 => match first(RequestDirection::Outgoing).await? {
            Some(id) => client.cancel_friend_request(id).await,
            None => Ok(()),
        },
        6 => client.end_friendship(other).await,
        7 => client.direct_chat(other).await.map(drop),
        8 => client.unblock(other).await,
        _ => client.block(other).await.map(drop),
    }
}

on_each_database! {
    /// Twenty tasks, from both sides, ask at once: one friendship, from the one request that was new.
    async fn crossing_requests_make_one_friendship(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let mut askers = JoinSet::new();
        for number in 0..20 {
            let (client, other) = match number % 2 {
                0 => (ana.clone(), bob_user.user.id),
                _ => (bob.clone(), ana_user.user.id),
            };
            askers.spawn(async move { client.request_friendship(other).await.unwrap() });
        }
        let answers = askers.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
        for (client, other) in [(&ana, bob_user.user.id), (&bob, ana_user.user.id)] {
            let friends = client.friends().await.unwrap().results;
            assert_eq!(friends.iter().map(|friend| friend.id).collect::<Vec<_>>(), [other]);
            assert_eq!(request_counts(client).await, (0, 0));
        }
    }

    async fn one_acceptance_of_many_counts(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let request = ask(&ana, bob_user.user.id).await;
        let mut answers = JoinSet::new();
        for _ in 0..10 {
            let bob = bob.clone();
            answers.spawn(async move { bob.accept_friend_request(request).await });
        }
        let answers = answers.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|error| error.status() == Some(404)));
        assert_eq!(bob.friends().await.unwrap().results.len(), 1);
    }

    /// Everything that can be done about each other, at once and by chance: nothing fails, and in the end both see the same.
    async fn any_interleaving_ends_in_one_state(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (ana_id, bob_id) = (ana_user.user.id, bob_user.user.id);
        for seed in 0..4 {
            let mut random = StdRng::seed_from_u64(seed);
            let mut actors = JoinSet::new();
            for number in 0..8 {
                let (client, other) = if number % 2 == 0 { (ana.clone(), bob_id) } else { (bob.clone(), ana_id) };
                let choices: Vec<u32> = (0..6).map(|_| random.random_range(0..10)).collect();
                actors.spawn(async move {
                    for choice in choices {
                        let status = act(&client, other, choice).await.err().map(|error| error.status());
                        assert!(matches!(status, None | Some(Some(403 | 404))), "{choice}: {status:?}");
                    }
                });
            }
            actors.join_all().await;
            let (anas, bobs) = (friendship(&ana, bob_id).await, friendship(&bob, ana_id).await);
            let (has, is) = (anas == Friendship::Blocked, bobs == Friendship::Blocked);
            let requests = request_counts(&ana).await;
            assert_eq!(requests, { let (a, b) = request_counts(&bob).await; (b, a) }, "seed {seed}");
            let friends = (ana.friends().await.unwrap().results.len(), bob.friends().await.unwrap().results.len());
            let expected = match (anas, bobs) {
                _ if has || is => ((0, 0), (0, 0)),
                (Friendship::None, Friendship::None) => ((0, 0), (0, 0)),
                (Friendship::Outgoing, Friendship::Incoming) => ((0, 1), (0, 0)),
                (Friendship::Incoming, Friendship::Outgoing) => ((1, 0), (0, 0)),
                (Friendship::Friends, Friendship::Friends) => ((0, 0), (1, 1)),
                others => panic!("{others:?}"),
            };
            assert_eq!((requests, friends), expected, "seed {seed}: {anas:?} {bobs:?}");
            let refused = ana.direct_chat(bob_id).await.is_err();
            assert_eq!(refused, has || is, "seed {seed}");
        }
    }

    /// Once a block is answered, no message comes any more, whatever was under way.
    async fn nothing_comes_after_a_block(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        for _ in 0..5 {
            let before = say(&bob, room, "hello").await;
            let mut senders = JoinSet::new();
            for number in 0..8 {
                let bob = bob.clone();
                senders.spawn(async move {
                    for count in 0..5 {
                        let sent = bob.send_message(&text(room, &format!("{number}-{count}"))).await;
                        if sent.is_err() {
                            assert_eq!(refusal(sent), (403, charla_protocol::ErrorCode::DirectMessagesRefused));
                            return;
                        }
                    }
                });
            }
            ana.block(bob_user.user.id).await.unwrap();
            let revision = ana.room(room).await.unwrap().revision;
            senders.join_all().await;
            assert_eq!(ana.room(room).await.unwrap().revision, revision);
            assert!(revision >= before.revision);
            ana.unblock(bob_user.user.id).await.unwrap();
        }
    }

    /// A group is not made, nor grows, by who has been blocked meanwhile.
    async fn nobody_is_added_after_a_block(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let mut adding = JoinSet::new();
        for _ in 0..8 {
            let room = server.group(&bob, charla_protocol::rooms::Visibility::Private, &[]).await.id;
            let (bob, ana) = (bob.clone(), ana_user.user.id);
            adding.spawn(async move { bob.add_members(room, vec![ana]).await });
        }
        ana.block(bob_user.user.id).await.unwrap();
        let rooms = ana.rooms().await.unwrap().results.len();
        let added = adding.join_all().await.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((ana.rooms().await.unwrap().results.len(), added), (rooms, rooms));
    }
}
