//! What a block changes in the rooms that the two share: neither is told what the other does there.

use charla_client::{Client, Door, Socket};
use charla_protocol::{
    ErrorCode, RoomId, UserId,
    actions::Action,
    events::{Event, StatusAction},
    members::Role,
    messages::Message,
    rooms::Visibility,
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use crate::support::{act, drain, open, refusal, say, wait_for};

/// Who was told to have come, to be writing, or to have read.
fn doings(events: &[Event]) -> Vec<(&'static str, UserId)> {
    let doing = |event: &Event| match event {
        Event::UserStatus(status) if status.action == StatusAction::UserJoined => {
            Some(("joined", status.user_id))
        }
        Event::UserStatus(status) if status.action == StatusAction::UserLeft => {
            Some(("left", status.user_id))
        }
        Event::Typing(typing) if typing.is_typing => Some(("types", typing.user_id)),
        Event::MessagesRead(read) => Some(("reads", read.user_id)),
        _ => None,
    };
    events.iter().filter_map(doing).collect()
}

async fn seen(socket: &mut Socket) -> Vec<(&'static str, UserId)> {
    doings(&drain(socket).await)
}

/// Opens a room on a new socket, types there, reads a message, and goes.
async fn visit(client: &Client, room: RoomId, message: &Message) {
    let mut socket = open(client, Door::All).await;
    act(&mut socket, Some(room), None, Action::Focus).await;
    act(&mut socket, Some(room), None, Action::Typing { is_typing: true }).await;
    drain(&mut socket).await;
    read(client, &mut socket, message).await;
    act(&mut socket, None, None, Action::Focus).await;
    drain(&mut socket).await;
}

/// Reads a message, and waits until that has been told to whom it is told: one's own devices are the last.
async fn read(client: &Client, socket: &mut Socket, message: &Message) {
    client.mark_read(vec![message.id]).await.unwrap();
    wait_for(socket, |event| matches!(event, Event::ReadState(_)).then_some(())).await;
}

/// Waits until a block has reached the sockets: who has set it hears of it last.
async fn blocked(socket: &mut Socket) {
    wait_for(socket, |event| matches!(event, Event::Friendship(_)).then_some(())).await;
}

on_each_database! {
    async fn nobody_is_told_what_somebody_does_whom_a_block_parts_from_them(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let bob_id = bob_user.user.id;
        let room = server.group(&eve, Visibility::Private, &[&ana_user, &bob_user]).await.id;
        let (mut anas, mut eves) = (open(&ana, Door::Room(room)).await, open(&eve, Door::Room(room)).await);
        assert_eq!(seen(&mut anas).await, [("joined", eve_user.user.id)]);
        let all = ["joined", "types", "reads", "left"].map(|doing| (doing, bob_id));
        visit(&bob, room, &say(&eve, room, "1").await).await;
        assert_eq!(seen(&mut anas).await, all);
        assert_eq!(seen(&mut eves).await, all);
        // Whoever has set it, and whichever socket was there first.
        let mut blocker = open(&bob, Door::All).await;
        bob.block(ana_user.user.id).await.unwrap();
        blocked(&mut blocker).await;
        let mut late = open(&ana, Door::Room(room)).await;
        let message = say(&eve, room, "2").await;
        visit(&bob, room, &message).await;
        assert_eq!((seen(&mut anas).await, seen(&mut late).await), (vec![], vec![]));
        assert_eq!(seen(&mut eves).await, all, "others see all of it");
        let mut bobs = open(&bob, Door::Room(room)).await;
        act(&mut anas, None, None, Action::Typing { is_typing: true }).await;
        drain(&mut anas).await;
        assert!(seen(&mut bobs).await.is_empty());
        bobs.close().await.unwrap();
        wait_for(&mut eves, |event| doings(&[event]).contains(&("left", bob_id)).then_some(())).await;
        // What was said in the group is for all who are in it.
        assert_eq!(say(&bob, room, "3").await.room, room);
        bob.unblock(ana_user.user.id).await.unwrap();
        blocked(&mut blocker).await;
        drain(&mut anas).await;
        visit(&bob, room, &say(&eve, room, "4").await).await;
        assert_eq!((seen(&mut anas).await, seen(&mut late).await), (all.to_vec(), all.to_vec()));
    }

    async fn reading_in_the_old_direct_room_is_ones_own(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let (one, two) = (say(&ana, room, "1").await, say(&ana, room, "2").await);
        let mut bobs = open(&bob, Door::All).await;
        read(&bob, &mut bobs, &one).await;
        assert_eq!(ana.message(one.id).await.unwrap().read_by_count, 1);
        let mut anas = open(&ana, Door::All).await;
        ana.block(bob_user.user.id).await.unwrap();
        blocked(&mut anas).await;
        read(&bob, &mut bobs, &two).await;
        assert_eq!(bob.room(room).await.unwrap().unread_count, Some(0));
        assert!(seen(&mut anas).await.is_empty());
        for message in [&one, &two] {
            assert_eq!(ana.message(message.id).await.unwrap().read_by_count, 0);
            assert!(ana.message_reads(message.id).await.unwrap().results.is_empty());
        }
        assert_eq!(ana.room(room).await.unwrap().last_message.unwrap().read_by_count, 0);
        let members = ana.members(room).await.unwrap().results;
        assert!(members.iter().all(|member| member.last_read_message_id.is_none()));
        let own = bob.members(room).await.unwrap().results;
        assert_eq!(own.iter().filter_map(|member| member.last_read_message_id).collect::<Vec<_>>(), [two.id]);
        ana.unblock(bob_user.user.id).await.unwrap();
        assert_eq!(ana.message(two.id).await.unwrap().read_by_count, 1);
    }

    /// In a group that both are in, neither is told how far the other has read; others are, and how many have read is a number.
    async fn in_groups_too_each_reads_unseen_by_the_other(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let [ana_id, bob_id, eve_id] = [&ana_user, &bob_user, &eve_user].map(|person| person.user.id);
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let message = say(&eve, room, "1").await;
        for reader in [&ana, &bob, &eve] {
            reader.mark_read(vec![message.id]).await.unwrap();
        }
        let reads = async |client: &Client| -> Vec<UserId> {
            client.message_reads(message.id).await.unwrap().results.iter().map(|read| read.user.id).collect()
        };
        let cursors = async |client: &Client| -> Vec<UserId> {
            let members = client.members(room).await.unwrap().results;
            assert!(members.iter().all(|member| member.last_read_at.is_some() == member.last_read_message_id.is_some()));
            members.iter().filter(|member| member.last_read_at.is_some()).map(|member| member.user.id).collect()
        };
        let sorted = |mut people: Vec<UserId>| { people.sort_unstable(); people };
        let all = sorted(vec![ana_id, bob_id, eve_id]);
        assert_eq!(sorted(cursors(&bob).await), all);
        bob.block(ana_id).await.unwrap();
        assert_eq!((reads(&ana).await, reads(&bob).await), (vec![ana_id], vec![bob_id]));
        assert_eq!(reads(&eve).await, [ana_id, bob_id]);
        assert_eq!(sorted(cursors(&ana).await), sorted(vec![ana_id, eve_id]));
        assert_eq!(sorted(cursors(&bob).await), sorted(vec![bob_id, eve_id]));
        assert_eq!(sorted(cursors(&eve).await), all);
        for client in [&ana, &bob, &eve] {
            assert_eq!(client.message(message.id).await.unwrap().read_by_count, 2);
        }
        let changed = ana.change_role(room, bob_id, Role::Admin).await.unwrap();
        assert_eq!((changed.role, changed.last_read_message_id, changed.last_read_at), (Role::Admin, None, None));
        bob.unblock(ana_id).await.unwrap();
        assert_eq!((reads(&ana).await.len(), cursors(&bob).await.len()), (2, 3));
    }

    /// What can still be done in the old direct room says no more than what can be asked there.
    async fn changes_in_the_old_direct_room_tell_nobody_what_was_read(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let (one, two) = (say(&ana, room, "1").await, say(&ana, room, "2").await);
        ana.react(one.id, "👍").await.unwrap();
        bob.mark_read(vec![two.id]).await.unwrap();
        assert_eq!(ana.message(one.id).await.unwrap().read_by_count, 1);
        let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        ana.block(bob_user.user.id).await.unwrap();
        ana.unreact(one.id, "👍").await.unwrap();
        ana.delete_message(two.id).await.unwrap();
        for socket in [&mut anas, &mut bobs] {
            let unreacted = wait_for(socket, |event| match event {
                Event::Reaction(reacted) if !reacted.changed.added => Some(reacted.message),
                _ => None,
            });
            assert_eq!(unreacted.await.read_by_count, 0);
            let deleted = wait_for(socket, |event| match event {
                Event::MessageDeleted(message) => Some(message),
                _ => None,
            });
            assert_eq!(deleted.await.read_by_count, 0);
        }
    }

    /// Adding somebody is one thing, following a link another: that is one's own choice.
    async fn who_is_blocked_may_come_by_a_link(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        bob.block(ana_user.user.id).await.unwrap();
        assert_eq!(refusal(ana.add_members(room, vec![bob_user.user.id]).await), (403, ErrorCode::ContactRefused));
        let code = ana.create_invite(room, &Default::default()).await.unwrap().code;
        assert_eq!(bob.accept_invite(&code).await.unwrap().participant_count, 2);
    }
}

#[tokio::test]
async fn sixty_blocks_an_hour() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let (ana, ana_user) = server.person("ana").await;
    let (_, bob_user) = server.person("bob").await;
    for _ in 0..60 {
        server.app.limits.block(ana_user.user.id).unwrap();
    }
    assert_eq!(refusal(ana.block(bob_user.user.id).await), (429, ErrorCode::TooManyRequests));
}
