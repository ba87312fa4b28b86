//! One revision a change, without a gap, whatever races.

use charla_client::Place;
use charla_protocol::{ErrorCode, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};
use tokio::task::JoinSet;

use crate::support::{refusal, say, text};

on_each_database! {
    /// Sixteen writers on one room, through sends, edits and deletions: every number from 1 on is taken once.
    async fn writers_on_one_room_leave_no_gap(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut writers = JoinSet::new();
        for writer in 0..16 {
            let ana = ana.clone();
            writers.spawn(async move {
                let mut taken = Vec::new();
                for number in 0..8 {
                    let message = say(&ana, room, &format!("{writer}-{number}")).await;
                    taken.push(message.revision);
                    if number % 3 == 0 {
                        taken.push(ana.edit_message(message.id, "edited").await.unwrap().revision);
                    }
                    if number % 4 == 0 {
                        ana.delete_message(message.id).await.unwrap();
                        taken.push(ana.message(message.id).await.unwrap().revision);
                    }
                }
                taken
            });
        }
        let mut taken: Vec<i64> = writers.join_all().await.into_iter().flatten().collect();
        taken.sort_unstable();
        let all: Vec<i64> = (1..=i64::try_from(taken.len()).unwrap()).collect();
        assert_eq!(taken, all);
        assert_eq!(ana.room(room).await.unwrap().revision, *all.last().unwrap());
    }

    /// Twenty sends of one `client_id`: one message, one 201.
    async fn one_client_id_is_stored_once(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut sends = JoinSet::new();
        for _ in 0..20 {
            let ana = ana.clone();
            let mut message = text(room, "once");
            message.client_id = Some("the-one".to_owned());
            sends.spawn(async move { ana.send_message(&message).await.unwrap() });
        }
        let answers = sends.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
        assert!(answers.iter().all(|answer| answer.value == answers[0].value));
        let page = ana.room_messages(room, Place::Newest, None).await.unwrap();
        assert_eq!((page.results.len(), page.revision), (1, 1));
    }

    /// The same `client_id` at once in several rooms, which have lanes of their own, is one message all the same; the others
    /// hear that the name is taken, and not what was said there.
    async fn one_client_id_in_two_rooms_is_stored_once(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut rooms = Vec::new();
        for _ in 0..6 {
            rooms.push(server.group(&ana, Visibility::Private, &[]).await.id);
        }
        for round in 0..10 {
            let mut sends = JoinSet::new();
            for room in rooms.clone() {
                let ana = ana.clone();
                let mut message = text(room, "once");
                message.client_id = Some(format!("round-{round}"));
                sends.spawn(async move { ana.send_message(&message).await });
            }
            let (made, refused): (Vec<_>, Vec<_>) = sends.join_all().await.into_iter().partition(Result::is_ok);
            assert!(made.len() == 1 && made[0].as_ref().unwrap().is_new);
            for refused in refused {
                assert_eq!(refusal(refused), (400, ErrorCode::ValidationFailed));
            }
        }
    }

    /// Two people may choose the same `client_id`.
    async fn a_client_id_is_the_senders_own(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut message = text(room, "mine");
        message.client_id = Some("1".to_owned());
        assert!(ana.send_message(&message).await.unwrap().is_new);
        assert!(bob.send_message(&message).await.unwrap().is_new);
    }

    /// Joining, leaving and renaming take numbers of the same counter.
    async fn members_and_names_take_revisions_too(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let mut people = JoinSet::new();
        for number in 0..8 {
            let (person, _) = server.person(&format!("person{number}")).await;
            people.spawn(async move {
                person.join_room(room).await.unwrap();
                say(&person, room, "hello").await;
                person.leave_room(room).await.unwrap();
            });
        }
        people.join_all().await;
        let page = ana.room_messages(room, Place::Newest, Some(200)).await.unwrap();
        let seqs: Vec<i64> = page.results.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, (1..=24).collect::<Vec<_>>());
        assert_eq!(page.revision, 24);
        let room = ana.room(room).await.unwrap();
        assert_eq!((room.participant_count, room.revision), (1, 24));
    }
}
