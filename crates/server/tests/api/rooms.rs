//! `rooms/`.

use charla_client::{Door, Place};
use charla_protocol::{
    ErrorCode,
    events::Event,
    members::Role,
    messages::SystemEventKind,
    rooms::{Notify, UpdatePreferences, UpdateRoom, Visibility},
};
use charla_testing::{TestServer, on_each_database};

use crate::support::{open, refusal, say, wait_for};

on_each_database! {
    async fn the_list_has_the_latest_activity_first(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let first = server.group(&ana, Visibility::Private, &[]).await.id;
        let second = server.group(&ana, Visibility::Private, &[]).await.id;
        let order = |rooms: Vec<charla_protocol::rooms::Room>| rooms.iter().map(|room| room.id).collect::<Vec<_>>();
        assert_eq!(order(ana.rooms().await.unwrap().results), [second, first]);
        let said = say(&ana, first, "up").await;
        let rooms = ana.rooms().await.unwrap().results;
        assert_eq!(rooms[0].last_message.as_ref().map(|message| message.id), Some(said.id));
        assert_eq!(order(rooms), [first, second]);
    }

    async fn pages_of_rooms_follow_each_other(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(server.group(&ana, Visibility::Private, &[]).await.id);
        }
        made.reverse();
        let mut address = "/api/v1/chat/rooms/?limit=2".to_owned();
        let mut seen = Vec::new();
        loop {
            let page: charla_protocol::List<charla_protocol::rooms::Room> = ana.page(&address).await.unwrap();
            seen.extend(page.results.iter().map(|room| room.id));
            match page.next {
                Some(next) => address = next,
                None => break,
            }
        }
        assert_eq!(seen, made);
    }

    /// A private room is not there for a stranger; a public one is seen, but not read.
    async fn who_may_see_and_read(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (eve, _) = server.person("eve").await;
        let private = server.group(&ana, Visibility::Private, &[]).await.id;
        let public = server.group(&ana, Visibility::Public, &[]).await.id;
        let message = say(&ana, public, "members only").await;
        assert_eq!(refusal(eve.room(private).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(eve.room_messages(private, Place::Newest, None).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(eve.join_room(private).await), (404, ErrorCode::NotFound));
        let seen = eve.room(public).await.unwrap();
        assert_eq!((seen.last_message, seen.my_role, seen.unread_count), (None, None, None));
        assert_eq!(refusal(eve.room_messages(public, Place::Newest, None).await), (403, ErrorCode::NotAMember));
        assert_eq!(refusal(eve.room_changes(public, 0, None).await), (403, ErrorCode::NotAMember));
        assert_eq!(refusal(eve.members(public).await), (403, ErrorCode::NotAMember));
        assert_eq!(refusal(eve.message(message.id).await), (403, ErrorCode::NotAMember));
        assert_eq!(eve.public_rooms(None).await.unwrap().results.len(), 1);
        eve.join_room(public).await.unwrap();
        assert_eq!(eve.message(message.id).await.unwrap().content, "members only");
    }

    async fn a_rename_is_reported_in_the_room(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let update = UpdateRoom { name: Some("  Café\u{0} ".to_owned()), topic: Some("talk".to_owned()), ..UpdateRoom::default() };
        let room = ana.update_room(room, &update).await.unwrap();
        assert_eq!((room.name.as_deref(), room.slug.as_str(), room.topic.as_str()), (Some("Café"), "cafe", "talk"));
        let report = room.last_message.and_then(|message| message.system).unwrap();
        assert_eq!((report.event, report.name.as_deref()), (SystemEventKind::RoomRenamed, Some("Café")));
    }

    async fn a_closed_room_is_read_only(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let message = say(&bob, room, "last words").await;
        assert_eq!(refusal(bob.close_room(room).await), (403, ErrorCode::Forbidden));
        ana.close_room(room).await.unwrap();
        assert!(!ana.room(room).await.unwrap().is_active);
        let closed = (403, ErrorCode::RoomClosed);
        assert_eq!(refusal(bob.send_message(&crate::support::text(room, "more")).await), closed);
        assert_eq!(refusal(bob.edit_message(message.id, "more").await), closed);
        assert_eq!(refusal(bob.delete_message(message.id).await), closed);
        assert_eq!(refusal(ana.update_room(room, &UpdateRoom::default()).await), closed);
        assert_eq!(refusal(ana.close_room(room).await), closed);
        assert_eq!(bob.room_messages(room, Place::Newest, None).await.unwrap().results.len(), 1);
        bob.leave_room(room).await.unwrap();
    }

    async fn preferences_are_ones_own(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let until = "2030-01-01T00:00:00.000Z".parse().unwrap();
        let update = UpdatePreferences { notify: Some(Notify::Mentions), muted_until: Some(Some(until)), pinned: Some(true) };
        ana.update_preferences(room, &update).await.unwrap();
        let unmute = UpdatePreferences { muted_until: Some(None), ..UpdatePreferences::default() };
        let left = ana.update_preferences(room, &unmute).await.unwrap();
        assert_eq!((left.notify, left.muted_until, left.pinned), (Notify::Mentions, None, true));
        let bobs = bob.room(room).await.unwrap();
        assert_eq!((bobs.notify, bobs.pinned), (Some(Notify::All), Some(false)));
    }

    async fn preferences_reach_the_other_devices(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        let until = "2030-01-01T00:00:00.000Z".parse().unwrap();
        let update = UpdatePreferences { notify: Some(Notify::Mentions), muted_until: Some(Some(until)), pinned: Some(true) };
        ana.update_preferences(room, &update).await.unwrap();
        let added = |event| match event { Event::RoomAdded(room) => Some(*room), _ => None };
        let told = wait_for(&mut anas, added).await;
        assert_eq!((told.id, told.notify, told.muted_until, told.pinned), (room, Some(Notify::Mentions), Some(until), Some(true)));
        // Behind this nothing of it is on its way any more.
        let said = say(&bob, room, "first").await.id;
        for socket in [&mut anas, &mut bobs] {
            wait_for(socket, |event| matches!(event, Event::Message(message) if message.id == said).then_some(())).await;
        }
        // What changes nothing is not told.
        ana.update_preferences(room, &update).await.unwrap();
        let said = say(&bob, room, "next").await.id;
        for socket in [&mut anas, &mut bobs] {
            wait_for(socket, |event| match event {
                Event::Message(message) => (message.id == said).then_some(()),
                event => panic!("{event:?}"),
            })
            .await;
        }
    }

    async fn clearing_hides_the_past_from_the_caller_alone(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let old = say(&ana, room, "old").await;
        bob.clear_history(room).await.unwrap();
        let new = say(&ana, room, "new").await;
        let seen = bob.room_messages(room, Place::Newest, None).await.unwrap().results;
        assert_eq!(crate::support::ids(&seen), [new.id]);
        assert_eq!(refusal(bob.message(old.id).await), (404, ErrorCode::NotFound));
        assert_eq!(bob.room_changes(room, 0, None).await.unwrap().results.len(), 1);
        assert_eq!(bob.room(room).await.unwrap().unread_count, Some(1));
        assert_eq!(ana.room_messages(room, Place::Newest, None).await.unwrap().results.len(), 2);
    }

    async fn the_owner_who_leaves_hands_over(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        ana.add_members(room, vec![eve_user.user.id]).await.unwrap();
        ana.change_role(room, eve_user.user.id, Role::Admin).await.unwrap();
        ana.leave_room(room).await.unwrap();
        assert_eq!(eve.room(room).await.unwrap().my_role, Some(Role::Owner));
        eve.leave_room(room).await.unwrap();
        assert_eq!(bob.room(room).await.unwrap().my_role, Some(Role::Owner));
        bob.leave_room(room).await.unwrap();
        let closed = bob.room(room).await.unwrap();
        assert!(!closed.is_active);
        assert_eq!(refusal(bob.join_room(room).await), (403, ErrorCode::RoomClosed));
    }
}
