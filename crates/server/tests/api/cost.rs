//! What things cost the database: as many statements for many people as for two.

use std::sync::Arc;

use charla_client::{Client, Door, Place, Socket};
use charla_db::{
    Notice,
    lanes::{Command, MarkRead, UpTo},
};
use charla_protocol::{
    MessageId, RoomId, UserId,
    events::Event,
    members::Role,
    messages::SystemEventKind,
    rooms::{Room, Visibility},
    users::{Me, UpdateMe, UpdateSettings},
};
use charla_testing::{TestServer, on_each_database};
use tokio::sync::Semaphore;

use crate::support::{drain, open, say, wait_for};

/// Two and forty people, each an account of their own.
async fn few_and_many(server: &TestServer) -> [Vec<Me>; 2] {
    let mut people = Vec::new();
    for number in 0..42 {
        people.push(server.person(&format!("person{number}")).await.1);
    }
    let many = people.split_off(2);
    [people, many]
}

fn ids(people: &[Me]) -> Vec<UserId> {
    people.iter().map(|person| person.user.id).collect()
}

/// Has these members read up to a message in one batch, and gives the statements of their lane.
async fn read_at_once(
    server: &TestServer,
    room: RoomId,
    message: MessageId,
    readers: Vec<UserId>,
) -> Vec<String> {
    // Something else has the lane until all of them are in line.
    let (begun, go_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (lanes, gates) = (server.app.lanes.clone(), (begun.clone(), go_on.clone()));
    let holding = tokio::spawn(async move {
        let held = lanes.exclusive(room, move |_| {
            let (begun, go_on) = gates.clone();
            Box::pin(async move {
                begun.add_permits(1);
                drop(go_on.acquire().await);
                Ok(((), Vec::new()))
            })
        });
        held.await.unwrap();
    });
    drop(begun.acquire().await.unwrap());
    let mut submitted = Vec::new();
    for reader in readers {
        let command = MarkRead { room, reader, up_to: UpTo::Messages(vec![message]) };
        submitted.push(server.app.lanes.submit(Command::MarkRead(command)).await.unwrap());
    }
    server.statements.listen();
    go_on.add_permits(1);
    holding.await.unwrap();
    for submitted in submitted {
        submitted.committed().await.unwrap();
    }
    server.statements.of_the_task_that("INSERT INTO read_steps")
}

/// The next time the room is told to be one's own.
async fn added(socket: &mut Socket) -> Room {
    wait_for(socket, |event| match event {
        Event::RoomAdded(room) => Some(*room),
        _ => None,
    })
    .await
}

on_each_database! {
    async fn adding_many_takes_the_statements_of_adding_two(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        say(&ana, room, "hello").await;
        // The first entry of the audit log takes one more: it begins the log.
        ana.add_members(room, vec![server.person("eve").await.1.user.id]).await.unwrap();
        let mut statements = Vec::new();
        for people in few_and_many(&server).await {
            server.statements.listen();
            ana.add_members(room, ids(&people)).await.unwrap();
            statements.push(server.statements.of_the_task_that("INSERT INTO room_members"));
        }
        assert!(!statements[0].is_empty());
        assert_eq!(statements[0].len(), statements[1].len(), "{statements:#?}");
        assert_eq!(ana.room(room).await.unwrap().participant_count, 44);
    }

    /// Making a room tells everybody in it before it is answered.
    async fn making_a_room_takes_the_same_however_many_it_begins_with(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut statements = Vec::new();
        for people in few_and_many(&server).await {
            let people: Vec<&Me> = people.iter().collect();
            server.statements.listen();
            server.group(&ana, Visibility::Private, &people).await;
            statements.push(server.statements.of_the_task_that("INSERT INTO rooms"));
        }
        assert!(!statements[0].is_empty());
        assert_eq!(statements[0].len(), statements[1].len(), "{statements:#?}");
    }

    /// With everything that a view of a room can take: a last message with reactions, what is unread, and mentions.
    async fn telling_many_their_room_takes_the_queries_of_telling_two(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let [few, many] = few_and_many(&server).await;
        let people: Vec<&Me> = few.iter().chain(&many).collect();
        let room_id = server.group(&ana, Visibility::Private, &people).await.id;
        let last = say(&ana, room_id, "@room hello").await;
        ana.react(last.id, "👍").await.unwrap();
        let mut statements = Vec::new();
        for people in [few, many] {
            let (app, notice) = (server.app.clone(), Notice::RoomAdded { people: ids(&people), room_id });
            statements.push(server.statements.put_by(async move { app.tell(vec![notice]).await }).await);
        }
        assert!(statements[0].len() > 10, "{statements:#?}");
        assert_eq!(statements[0].len(), statements[1].len(), "{statements:#?}");
    }

    /// Who asks and may they; begin, messages with their senders, who has read them, end.
    async fn a_page_of_history_takes_few_statements(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let people = few_and_many(&server).await.concat();
        let people: Vec<&Me> = people.iter().collect();
        let room = server.group(&ana, Visibility::Private, &people).await.id;
        let mut said = Vec::new();
        for text in ["one", "two", "three"] {
            said.push(say(&ana, room, text).await.id);
        }
        read_at_once(&server, room, said[1], people.iter().map(|person| person.user.id).collect()).await;
        server.statements.listen();
        let page = ana.room_messages(room, Place::Newest, None).await.unwrap().results;
        let statements = server.statements.of_the_task_that("SELECT sessions");
        assert_eq!(page.iter().map(|message| message.read_by_count).collect::<Vec<_>>(), [42, 42, 0]);
        assert_eq!(statements.iter().filter(|sql| sql.starts_with("SELECT")).count(), 3, "{statements:#?}");
        assert!(statements.len() <= 5, "{statements:#?}");
    }

    async fn reading_by_many_at_once_takes_the_statements_of_reading_by_two(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let [few, many] = few_and_many(&server).await;
        let people: Vec<&Me> = few.iter().chain(&many).collect();
        let room = server.group(&ana, Visibility::Private, &people).await.id;
        let first = say(&ana, room, "@room one").await.id;
        say(&ana, room, "@room two").await;
        let by_few = read_at_once(&server, room, first, ids(&few)).await;
        let by_many = read_at_once(&server, room, first, ids(&many)).await;
        assert!(!by_few.is_empty());
        assert_eq!(by_few.len(), by_many.len(), "{by_few:#?}\n{by_many:#?}");
    }

    /// In one batch, each is answered with what they have left themselves, wherever they read.
    async fn of_a_batch_of_readers_each_is_told_their_own_count(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let other = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let mut said = Vec::new();
        for (room, text) in [(room, "1 @bob"), (room, "2 @eve"), (other, "3"), (room, "4 @bob"), (other, "5 @room")] {
            said.push(say(&ana, room, text).await.id);
        }
        say(&bob, room, "6 @eve").await;
        let read = |client: &Client, messages: Vec<MessageId>| {
            let client = client.clone();
            async move {
                let rooms = client.mark_read(messages).await.unwrap().rooms;
                let mut left: Vec<_> = rooms.iter().map(|state| (state.room_id, state.unread_count, state.mention_count)).collect();
                left.sort_unstable();
                left
            }
        };
        let (bobs, eves) = tokio::join!(read(&bob, vec![said[0], said[2]]), read(&eve, vec![said[1], said[4]]));
        let mut expected = [vec![(room, 2, 1), (other, 1, 1)], vec![(room, 2, 1), (other, 0, 0)]];
        expected.iter_mut().for_each(|left| left.sort_unstable());
        assert_eq!([&bobs, &eves], [&expected[0], &expected[1]]);
        for (client, expected) in [&bob, &eve].into_iter().zip(expected) {
            let hello = client.socket(Door::All).await.unwrap().hello().await.unwrap();
            let mut left: Vec<_> = hello.rooms.iter().map(|room| (room.id, room.unread_count, room.mention_count)).collect();
            left.sort_unstable();
            assert_eq!(left, expected, "the same whichever way it is asked");
        }
    }

    /// What each is told is the room as they see it themselves, not as another of them does.
    async fn of_many_who_are_told_a_room_each_is_told_their_own(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let (kim, kim_user) = server.person("kim").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user, &kim_user]).await.id;
        let mut sockets = [open(&bob, Door::All).await, open(&eve, Door::All).await, open(&kim, Door::All).await];
        ana.change_role(room, eve_user.user.id, Role::Admin).await.unwrap();
        let first = say(&ana, room, "@bob one").await.id;
        let last = say(&ana, room, "@kim two").await.id;
        bob.react(last, "👍").await.unwrap();
        bob.mark_read(vec![last]).await.unwrap();
        eve.mark_read(vec![first]).await.unwrap();
        let keep = UpdateSettings { send_read_receipts: Some(false), ..UpdateSettings::default() };
        eve.update_me(&UpdateMe { settings: Some(keep), ..UpdateMe::default() }).await.unwrap();
        kim.clear_history(room).await.unwrap();
        // The last of what was told of all that.
        added(&mut sockets[2]).await;
        for socket in &mut sockets {
            drain(socket).await;
        }
        let stranger = server.person("zoe").await.1;
        let people = [&bob_user, &eve_user, &kim_user, &stranger].map(|person| person.user.id).to_vec();
        server.app.tell(vec![Notice::RoomAdded { people, room_id: room }]).await;
        let mut told = Vec::new();
        for (socket, client) in sockets.iter_mut().zip([&bob, &eve, &kim]) {
            let view = added(socket).await;
            assert_eq!(view, client.room(room).await.unwrap());
            told.push(view);
        }
        let read_by = |at: usize| told[at].last_message.as_ref().map(|message| message.read_by_count);
        assert_eq!([read_by(0), read_by(1), read_by(2)], [Some(1), Some(0), None]);
        let mine = |at: usize| told[at].last_message.as_ref().map(|message| message.reactions[0].me);
        assert_eq!([mine(0), mine(1), mine(2)], [Some(Some(true)), Some(Some(false)), None]);
        let counts: Vec<_> = told.iter().map(|view| (view.unread_count, view.mention_count)).collect();
        assert_eq!(counts, [(Some(0), Some(0)), (Some(1), Some(0)), (Some(0), Some(0))]);
        assert_eq!(told[1].my_role, Some(Role::Admin));
    }

    /// Everybody who is added is there before the first of them is reported.
    async fn those_added_together_hear_the_same_in_the_same_order(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group_without_past(&ana, &[]).await.id;
        say(&ana, room, "before").await;
        let mut people = Vec::new();
        for name in ["bob", "eve", "kim"] {
            let (client, me) = server.person(name).await;
            people.push((open(&client, Door::All).await, client, me.user.id));
        }
        let ids: Vec<UserId> = people.iter().map(|(.., id)| *id).collect();
        ana.add_members(room, ids.clone()).await.unwrap();
        for (socket, client, _) in &mut people {
            let mut heard = Vec::new();
            let (count, revision) = wait_for(socket, |event| match event {
                Event::RoomAdded(room) => {
                    heard.push((room.revision, None));
                    None
                }
                Event::Message(message) => {
                    let report = message.system.unwrap();
                    assert_eq!(report.event, SystemEventKind::MemberAdded);
                    heard.push((message.revision, report.user.map(|user| user.id)));
                    None
                }
                Event::RoomUpdated(room) => Some((room.participant_count, room.revision)),
                event => panic!("{event:?}"),
            })
            .await;
            assert_eq!((count, revision), (4, 4));
            assert_eq!(heard.remove(0), (4, None), "the room comes first, as it is by then");
            let reports: Vec<_> = ids.iter().zip(2..).map(|(id, revision)| (revision, Some(*id))).collect();
            assert_eq!(heard, reports);
            let seen = client.room_changes(room, 0, None).await.unwrap().results;
            assert_eq!(seen.iter().map(|message| message.revision).collect::<Vec<_>>(), [2, 3, 4], "nothing of before");
        }
    }
}
