//! Read cursors, unread counts, who has read what.

use charla_client::{Client, Door, Place, Socket};
use charla_db::tables::room_members;
use charla_protocol::{
    ErrorCode, List, MessageId, RoomId, UserId,
    actions::Action,
    events::Event,
    messages::{Message, MessageRead},
    rooms::Visibility,
    users::{Me, UpdateMe, UpdateSettings},
};
use charla_server::jobs::check_read_marks;
use charla_testing::{TestServer, on_each_database};
use rand::{Rng, SeedableRng, rngs::StdRng};
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::support::{act, open, refusal, say, wait_for};

async fn unread(client: &Client, room: RoomId) -> Option<u64> {
    client.room(room).await.unwrap().unread_count
}

async fn readers(client: &Client, message: MessageId) -> Vec<UserId> {
    client.message_reads(message).await.unwrap().results.iter().map(|read| read.user.id).collect()
}

/// The most that have read one of the room's messages, each of which has been read by as many as are listed.
async fn counted_as_listed(client: &Client, room: RoomId) -> u64 {
    let page = client.room_messages(room, Place::Newest, Some(200)).await.unwrap().results;
    for message in &page {
        let listed = readers(client, message.id).await.len() as u64;
        assert_eq!(message.read_by_count, listed, "{}", message.seq);
    }
    page.iter().map(|message| message.read_by_count).max().unwrap_or_default()
}

async fn share_receipts(client: &Client, are_shared: bool) {
    let settings = UpdateSettings { send_read_receipts: Some(are_shared), ..UpdateSettings::default() };
    client.update_me(&UpdateMe { settings: Some(settings), ..UpdateMe::default() }).await.unwrap();
}

/// How many have read the message, as each answer with a message in it says: itself, the timeline, the changes, and the
/// room's last message.
async fn counts(client: &Client, room: RoomId, message: MessageId) -> [u64; 4] {
    let of =
        |messages: Vec<Message>| messages.iter().find(|other| other.id == message).unwrap().read_by_count;
    [
        client.message(message).await.unwrap().read_by_count,
        of(client.room_messages(room, Place::Newest, None).await.unwrap().results),
        of(client.room_changes(room, 0, None).await.unwrap().results),
        client.room(room).await.unwrap().last_message.unwrap().read_by_count,
    ]
}

async fn cursor(client: &Client, room: RoomId, user: &Me) -> Option<MessageId> {
    let members = client.members(room).await.unwrap().results;
    members.iter().find(|member| member.user.id == user.user.id).unwrap().last_read_message_id
}

/// How often reading was told, and the count that came with the last edit.
fn told(events: Vec<Event>) -> (usize, Option<u64>) {
    let reads = events.iter().filter(|event| matches!(event, Event::MessagesRead(_))).count();
    let edited = events.into_iter().rev().find_map(|event| match event {
        Event::MessageEdited(message) => Some(message.read_by_count),
        _ => None,
    });
    (reads, edited)
}

/// What is told up to an edit.
async fn until_edited(socket: &mut Socket) -> Vec<Event> {
    let mut events = Vec::new();
    wait_for(socket, |event| {
        let is_edit = matches!(event, Event::MessageEdited(_));
        events.push(event);
        is_edit.then_some(())
    })
    .await;
    events
}

on_each_database! {
    async fn unread_counts_what_others_said_past_the_cursor(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let first = say(&ana, room, "one").await;
        let second = say(&ana, room, "two").await;
        say(&bob, room, "my own").await;
        let third = say(&ana, room, "three").await;
        assert_eq!(unread(&bob, room).await, Some(3));
        assert_eq!(unread(&ana, room).await, Some(1));
        ana.delete_message(first.id).await.unwrap();
        assert_eq!(unread(&bob, room).await, Some(2), "a deleted message is not left to read");
        let (eve, _) = server.person("eve").await;
        eve.join_room(room).await.unwrap();
        assert_eq!(unread(&bob, room).await, Some(2), "nor is a report of the system");
        assert_eq!(unread(&eve, room).await, Some(0), "nor what was said before one joined");
        let state = bob.mark_read(vec![second.id]).await.unwrap().rooms.remove(0);
        assert_eq!((state.up_to, state.seq, state.unread_count), (Some(second.id), 2, 1));
        bob.mark_read(vec![first.id]).await.unwrap();
        assert_eq!(unread(&bob, room).await, Some(1), "a cursor does not go back");
        assert_eq!(bob.mark_all_read(room).await.unwrap().unread_count, 0);
        assert_eq!(unread(&bob, room).await, Some(0));
        assert_eq!(ana.message(third.id).await.unwrap().read_by_count, 1);
    }

    async fn who_has_read_and_when(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let first = say(&ana, room, "one").await;
        let second = say(&ana, room, "two").await;
        bob.mark_read(vec![first.id]).await.unwrap();
        eve.mark_read(vec![second.id, first.id]).await.unwrap();
        ana.mark_all_read(room).await.unwrap();
        assert_eq!(readers(&ana, first.id).await, [bob_user.user.id, eve_user.user.id]);
        assert_eq!(readers(&ana, second.id).await, [eve_user.user.id]);
        assert_eq!(ana.message(first.id).await.unwrap().read_by_count, 2);
        assert_eq!(ana.message(second.id).await.unwrap().read_by_count, 1);
    }

    /// Whatever people do, as many have read a message as are listed: the one is added up from marks, the other from steps.
    async fn as_many_have_read_as_are_listed(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let mut said = vec![say(&ana, room, "first").await.id];
        let mut others = Vec::new();
        for name in ["bob", "eve", "kim"] {
            others.push((server.person(name).await.0, false, true));
        }
        let mut random = StdRng::seed_from_u64(7);
        let mut most = 0;
        for act in 0..120 {
            let (client, is_in, shares) = &mut others[random.random_range(0..3)];
            match random.random_range(0..20) {
                0 if *is_in => {
                    client.leave_room(room).await.unwrap();
                    *is_in = false;
                }
                1 => {
                    *shares = !*shares;
                    share_receipts(client, *shares).await;
                }
                _ if !*is_in => {
                    client.join_room(room).await.unwrap();
                    *is_in = true;
                }
                2..6 => said.push(say(client, room, "more").await.id),
                _ => {
                    let message = said[random.random_range(0..said.len())];
                    client.mark_read(vec![message]).await.unwrap();
                }
            }
            if act % 12 == 11 {
                most = most.max(counted_as_listed(&ana, room).await);
            }
        }
        assert!(most > 1, "nothing was read by more than one");
    }

    /// A node of before moves cursors without a word to the marks.
    async fn what_is_counted_is_put_right(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let other = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let mut said = Vec::new();
        for room in [room, room, other] {
            said.push(say(&ana, room, "hello").await.id);
        }
        bob.mark_read(vec![said[0], said[2]]).await.unwrap();
        let tx = server.app.db.begin().await.unwrap();
        let moved = room_members::Entity::update_many()
            .col_expr(room_members::Column::LastReadSeq, Expr::value(2))
            .filter(room_members::Column::RoomId.eq(room.0))
            .filter(room_members::Column::UserId.eq(bob_user.user.id.0));
        moved.exec(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut counted = Vec::new();
        for _ in 0..2 {
            for message in &said {
                counted.push(ana.message(*message).await.unwrap().read_by_count);
            }
            check_read_marks(&server.app).await.unwrap();
        }
        assert_eq!(counted, [1, 0, 1, 1, 1, 1]);
    }

    async fn reading_is_told_to_the_room_and_to_ones_other_devices(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let sent = say(&ana, room, "one").await;
        let mut anas = open(&ana, Door::All).await;
        let mut bobs = open(&bob, Door::Room(room)).await;
        let mut other = open(&bob, Door::All).await;
        act(&mut bobs, None, Some("read"), Action::MarkRead { message_ids: vec![sent.id] }).await;
        let told = wait_for(&mut anas, |event| match event {
            Event::MessagesRead(read) => Some(read),
            _ => None,
        })
        .await;
        assert_eq!((told.user_id, told.up_to, told.seq), (bob_user.user.id, sent.id, 1));
        let state = wait_for(&mut other, |event| match event {
            Event::ReadState(state) => Some(state),
            _ => None,
        })
        .await;
        assert_eq!((state.room_id, state.seq, state.unread_count), (room, 1, 0));
        wait_for(&mut bobs, |event| matches!(event, Event::Ack(ack) if ack.client_id == "read").then_some(())).await;
    }

    /// Who keeps their receipts to themselves reads unseen; their own count moves all the same.
    async fn receipts_can_be_kept_to_oneself(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        share_receipts(&bob, false).await;
        let sent = say(&ana, room, "one").await;
        let mut anas = open(&ana, Door::All).await;
        bob.mark_read(vec![sent.id]).await.unwrap();
        assert_eq!(unread(&bob, room).await, Some(0));
        let after = say(&bob, room, "after").await;
        wait_for(&mut anas, |event| match event {
            Event::MessagesRead(_) => panic!("a receipt was told"),
            Event::Message(message) => (message.id == after.id).then_some(()),
            _ => None,
        })
        .await;
        let stored = ana.message(sent.id).await.unwrap();
        assert_eq!(stored.read_by_count, 0);
        assert_eq!(ana.message_reads(sent.id).await.unwrap().results, []);
        let cursors = ana.members(room).await.unwrap().results;
        let bobs = cursors.iter().find(|member| member.user.id == bob_user.user.id).unwrap();
        assert_eq!(bobs.last_read_message_id, None);
    }

    /// What one keeps to oneself one does not see of others either, whichever way it is told.
    async fn who_keeps_their_receipts_sees_nobody_elses(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let sent = say(&bob, room, "one").await;
        let (mut bobs, mut eves) = (open(&bob, Door::All).await, open(&eve, Door::All).await);
        share_receipts(&bob, false).await;
        ana.mark_read(vec![sent.id]).await.unwrap();
        assert_eq!(readers(&eve, sent.id).await, [ana_user.user.id]);
        assert_eq!(readers(&bob, sent.id).await, []);
        assert_eq!(counts(&eve, room, sent.id).await, [1; 4]);
        assert_eq!(counts(&bob, room, sent.id).await, [0; 4]);
        assert_eq!(cursor(&eve, room, &ana_user).await, Some(sent.id));
        assert_eq!(cursor(&bob, room, &ana_user).await, None);
        bob.mark_read(vec![sent.id]).await.unwrap();
        assert_eq!(cursor(&bob, room, &bob_user).await, Some(sent.id), "one's own place stays known");
        let edited = bob.edit_message(sent.id, "once more").await.unwrap();
        assert_eq!(edited.read_by_count, 0);
        assert_eq!(told(until_edited(&mut eves).await), (1, Some(1)));
        assert_eq!(told(until_edited(&mut bobs).await), (0, Some(0)));
        share_receipts(&bob, true).await;
        let next = say(&ana, room, "two").await;
        eve.mark_read(vec![next.id]).await.unwrap();
        bob.edit_message(sent.id, "and again").await.unwrap();
        assert_eq!(told(until_edited(&mut bobs).await), (1, Some(2)), "from then on they are told again");
    }

    /// A public room can be seen, but not read, by who is not in it; another is as if it were not there.
    async fn reading_where_one_is_not_is_refused(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let public = say(&ana, server.group(&ana, Visibility::Public, &[]).await.id, "x").await;
        let private = say(&ana, server.group(&ana, Visibility::Private, &[]).await.id, "y").await;
        let own = say(&ana, server.group(&ana, Visibility::Private, &[&bob_user]).await.id, "z").await;
        let unknown = MessageId(uuid::Uuid::from_u128(1));
        assert_eq!(refusal(bob.mark_read(vec![private.id, unknown]).await), (404, ErrorCode::NotFound));
        let not_a_member = (403, ErrorCode::NotAMember);
        assert_eq!(refusal(bob.mark_read(vec![public.id]).await), not_a_member);
        assert_eq!(refusal(bob.mark_read(vec![private.id, public.id]).await), not_a_member);
        bob.mark_read(vec![public.id, own.id]).await.unwrap();
        assert_eq!(unread(&bob, own.room).await, Some(0));
        let mut socket = open(&bob, Door::All).await;
        for (room, code) in [(public.room, ErrorCode::NotAMember), (private.room, ErrorCode::NotFound)] {
            let (message_ids, is_typing) = (vec![public.id], true);
            for action in [Action::Focus, Action::Typing { is_typing }, Action::MarkRead { message_ids }] {
                act(&mut socket, Some(room), None, action.clone()).await;
                let error = wait_for(&mut socket, |event| match event { Event::Error(error) => Some(error), _ => None });
                assert_eq!(error.await.code, code, "{action:?}");
            }
        }
    }

    async fn who_came_later_has_not_read_what_was_said_before(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let before = say(&ana, room, "before").await;
        bob.join_room(room).await.unwrap();
        let after = say(&ana, room, "after").await;
        bob.mark_all_read(room).await.unwrap();
        assert_eq!(readers(&ana, before.id).await, []);
        assert_eq!(readers(&ana, after.id).await, [bob_user.user.id]);
        assert_eq!(counts(&ana, room, before.id).await[..2], [0, 0]);
        assert_eq!(counts(&ana, room, after.id).await[..2], [1, 1]);
        bob.leave_room(room).await.unwrap();
        bob.join_room(room).await.unwrap();
        assert_eq!(readers(&ana, after.id).await, [], "who comes back begins anew");
    }

    async fn readers_come_in_pages_the_first_one_first(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(server.person(&format!("reader{n}")).await);
        }
        let everybody: Vec<&_> = people.iter().map(|(_, user)| user).collect();
        let room = server.group(&ana, Visibility::Private, &everybody).await.id;
        let sent = say(&ana, room, "one").await;
        // Two of them in the same millisecond.
        for (n, (client, _)) in people.iter().enumerate() {
            client.mark_read(vec![sent.id]).await.unwrap();
            server.clock.advance(std::time::Duration::from_millis(u64::from(n != 1)));
        }
        let (mut seen, mut url) = (Vec::new(), Some(format!("/api/v1/chat/messages/{}/reads/?limit=2", sent.id)));
        while let Some(next) = url {
            let answer = ana.request(Method::GET, &next, None).await.unwrap();
            let page: List<MessageRead> = answer.json().unwrap();
            assert!((1..=2).contains(&page.results.len()));
            seen.extend(page.results.iter().map(|read| read.user.id));
            url = page.next;
        }
        assert_eq!(seen, people.iter().map(|(_, user)| user.user.id).collect::<Vec<_>>());
    }
}
