//! Read cursors, unread counts, who has read what.

use charla_client::{Client, Door};
use charla_protocol::{
    MessageId, RoomId, UserId,
    actions::Action,
    events::Event,
    rooms::Visibility,
    users::{UpdateMe, UpdateSettings},
};
use charla_testing::{TestServer, on_each_database};

use crate::support::{act, open, say, wait_for};

async fn unread(client: &Client, room: RoomId) -> Option<u64> {
    client.room(room).await.unwrap().unread_count
}

async fn readers(client: &Client, message: MessageId) -> Vec<UserId> {
    client.message_reads(message).await.unwrap().results.iter().map(|read| read.user.id).collect()
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
        let settings = UpdateSettings { send_read_receipts: Some(false), ..UpdateSettings::default() };
        bob.update_me(&UpdateMe { settings: Some(settings), ..UpdateMe::default() }).await.unwrap();
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
}
