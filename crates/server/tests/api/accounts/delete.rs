//! `DELETE /api/v1/users/me/`.

use charla_client::{Client, Door, RawResponse};
use charla_db::{
    queries,
    tables::{
        drafts,
        files::{self, Purpose},
    },
};
use charla_protocol::{
    ErrorCode, RoomId,
    drafts::PutDraft,
    events::Event,
    friends::RequestDirection,
    members::Role,
    rooms::{Room, Visibility},
    users::{Friendship, Me},
};
use charla_server::jobs;
use charla_testing::{PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use image::ImageFormat;
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::json;

use super::support::{form, login, post, refusal, rejected_names, set_cookies};
use crate::support::{befriend, open, refusal as refused, say, superuser, text, wait_for, wait_for_close};
use crate::uploads::support::picture;

async fn delete(client: &Client, password: &str) -> RawResponse {
    let body = json!({ "password": password });
    client.request(Method::DELETE, "/api/v1/users/me/", Some(&body)).await.unwrap()
}

fn names(room: &Room) -> Vec<&str> {
    room.participants.iter().map(|person| person.display_name.as_str()).collect()
}

/// Someone's row, whatever became of them.
async fn row(server: &TestServer, me: &Me) -> charla_db::tables::users::Model {
    queries::users::find(server.app.db.read(), me.user.id).await.unwrap().unwrap()
}

on_each_database! {
    async fn personal_data_goes_and_messages_stay(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eva, eva_user) = server.person("eva").await;
        let about = json!({"display_name": "Ana López", "bio": "mine", "phone_number": "+34600123456", "language": "es"});
        ana.request(Method::PATCH, "/api/v1/users/me/", Some(&about)).await.unwrap();
        befriend((&ana, me.user.id), (&bob, bob_user.user.id)).await;
        let group = server.group(&ana, Visibility::Private, &[&bob_user, &eva_user]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        say(&ana, group, "to all").await;
        say(&ana, direct, "to Bob").await;
        ana.request(Method::POST, "/api/v1/friends/requests/", Some(&json!({"user_id": eva_user.user.id}))).await.unwrap();
        for room in [group, direct] {
            let draft = PutDraft { content: "not yet".to_owned(), reply_to_id: None };
            ana.put_draft(room, &draft).await.unwrap();
        }

        assert_eq!(rejected_names(&delete(&ana, "wrong").await), ["password"]);
        let mut own = open(&ana, Door::All).await;
        let mut bobs = open(&bob, Door::All).await;
        let answer = delete(&ana, PASSWORD).await;
        assert_eq!(answer.status, 204);
        assert_eq!(set_cookies(&answer).len(), 2);
        assert!(drafts::Entity::find().all(server.app.db.read()).await.unwrap().is_empty());

        assert_eq!(wait_for_close(&mut own).await, Some(4401));
        let told = wait_for(&mut bobs, |event| match event {
            Event::ProfileUpdated(person) => Some(person),
            _ => None,
        }).await;
        assert_eq!((told.id, told.display_name.as_str()), (me.user.id, "Cuenta eliminada"));
        let friendship = wait_for(&mut bobs, |event| match event {
            Event::Friendship(person) if person.friendship != Friendship::Friends => Some(person),
            _ => None,
        }).await;
        assert_eq!((friendship.id, friendship.friendship), (me.user.id, Friendship::None));

        assert_eq!(refused(ana.me().await), (401, ErrorCode::SessionEnded));
        assert_eq!(login(&server, "ana", PASSWORD).await.status, 401);
        assert_eq!(refused(bob.user(me.user.id).await), (404, ErrorCode::NotFound));
        let left = row(&server, &me).await;
        assert!(left.username.starts_with("deleted-") && left.deleted_at.is_some() && !left.is_active);
        assert_eq!((left.email, left.email_key, left.phone_number, left.language), (None, None, None, None));
        assert_eq!((left.bio.as_str(), left.password_hash.as_str(), left.last_seen, left.avatar_id), ("", "", None, None));
        let sessions = queries::export::sessions(server.app.db.read(), me.user.id, charla_protocol::SessionId(uuid::Uuid::nil()), 9).await.unwrap();
        assert!(sessions.iter().all(|session| session.ip_address.is_none() && session.user_agent.is_empty() && session.ended_at.is_some()));

        let room = eva.room(group).await.unwrap();
        assert_eq!(room.participant_count, 2);
        assert_eq!(room.created_by, Some(me.user.id));
        assert!(!names(&room).contains(&"Ana López"));
        assert_eq!(bob.room(group).await.unwrap().my_role, Some(Role::Owner), "the longest there");
        let said = eva.room_messages(group, charla_client::Place::Newest, None).await.unwrap().results;
        assert_eq!(said[0].content, "to all");
        assert_eq!(said.last().unwrap().content, "Cuenta eliminada left");
        assert!(said.iter().all(|message| message.sender.display_name == "Cuenta eliminada"));

        let room = bob.room(direct).await.unwrap();
        assert!(names(&room).contains(&"Cuenta eliminada"), "{:?}", names(&room));
        let said = bob.room_messages(direct, charla_client::Place::Newest, None).await.unwrap().results;
        assert_eq!(said[0].content, "to Bob");
        assert_eq!(refused(bob.send_message(&text(direct, "Are you there?")).await), (403, ErrorCode::DirectMessagesRefused));
        assert_eq!(bob.direct_chat(me.user.id).await.unwrap().value.id, direct, "it can be read");
        assert_eq!(refused(eva.direct_chat(me.user.id).await), (404, ErrorCode::NotFound));
        assert!(bob.friends().await.unwrap().results.is_empty());
        assert!(eva.friend_requests(RequestDirection::Incoming).await.unwrap().results.is_empty());
        let search = bob.search_users("ana").await.unwrap();
        assert!(search.results.is_empty(), "{search:?}");

        // The name and the address are free again, for somebody else.
        let answer = post(&server.anonymous(), "register", form("ana")).await;
        assert_eq!(answer.status, 201);
        let other: charla_protocol::auth::SignedIn = answer.json().unwrap();
        assert_ne!(other.user.user.id, me.user.id);
    }

    async fn what_was_uploaded_and_never_sent_is_left_to_the_clean_up(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let own = ana.upload("a.txt", "a").await.unwrap().id;
        ana.set_avatar(picture(ImageFormat::Png, 8, 8)).await.unwrap();
        let picture = row(&server, &me).await.avatar_id.unwrap();
        let others = bob.upload("c.txt", "c").await.unwrap().id;
        ana.delete_me(PASSWORD).await.unwrap();
        let is_given_up = async |id| {
            let row = files::Entity::find_by_id(id).one(server.app.db.read()).await.unwrap();
            row.unwrap().purpose() == Purpose::Discarded
        };
        assert_eq!((is_given_up(own).await, is_given_up(picture).await, is_given_up(others).await), (true, true, false));
    }

    async fn the_last_one_out_closes_the_room(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        ana.delete_me(PASSWORD).await.unwrap();
        let row = queries::rooms::find(server.app.db.read(), room).await.unwrap().unwrap();
        assert_eq!((row.member_count, row.is_active), (0, false));
    }

    async fn one_superuser_stays_whatever_races(server: TestServer) {
        let roots = [superuser(&server, "root").await, superuser(&server, "toor").await];
        let answers = join_all(roots.iter().map(|root| delete(root, PASSWORD))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        let kept = answers.iter().position(|answer| answer.status == 409).unwrap();
        assert_eq!(refusal(&answers[kept]), (409, ErrorCode::LastSuperuser));
        assert_eq!(roots[kept].me().await.unwrap().email, None, "nothing has happened to it");
    }

    async fn of_many_deletions_one_does_it(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let answers = join_all((0..5).map(|_| delete(&ana, PASSWORD))).await;
        let done = answers.iter().filter(|answer| answer.status == 204).count();
        assert_eq!(done, 1);
        assert!(answers.iter().all(|answer| matches!(answer.status, 204 | 401)), "{answers:?}");
        assert!(row(&server, &me).await.username.starts_with("deleted-"));
    }

    async fn nothing_is_said_after_the_end(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let group = server.group(&bob, Visibility::Private, &[&me]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let sending = async |client: &Client, room: RoomId| {
            let mut stored = Vec::new();
            for n in 0..40 {
                match client.send_message(&text(room, &format!("{n}"))).await {
                    Ok(made) => stored.push(made.value.id),
                    Err(_) => break,
                }
            }
            stored
        };
        let (to_group, to_bob, to_ana, answer) =
            tokio::join!(sending(&ana, group), sending(&ana, direct), sending(&bob, direct), delete(&ana, PASSWORD));
        assert_eq!(answer.status, 204);
        let seen = async |room: RoomId| {
            let changes = bob.room_changes(room, 0, Some(200)).await.unwrap();
            changes.results.into_iter().map(|message| (message.id, message.seq)).collect::<Vec<_>>()
        };
        // What was acknowledged is there, and nothing came once the deletion was answered.
        let (in_group, in_direct) = (seen(group).await, seen(direct).await);
        for id in &to_group {
            assert!(in_group.iter().any(|(seen, _)| seen == id));
        }
        for id in to_bob.iter().chain(&to_ana) {
            assert!(in_direct.iter().any(|(seen, _)| seen == id));
        }
        let last = bob.room_messages(group, charla_client::Place::Newest, None).await.unwrap().results.pop().unwrap();
        assert!(last.system.is_some(), "the farewell is the last: {last:?}");
        assert_eq!(bob.room(group).await.unwrap().participant_count, 1);
        assert_eq!(refused(bob.send_message(&text(direct, "x")).await), (403, ErrorCode::DirectMessagesRefused));
        assert_eq!(seen(direct).await, in_direct);
    }

    async fn who_joins_while_leaving_is_in_no_room_at_the_end(server: TestServer) {
        let (bob, _) = server.person("bob").await;
        let mut rooms = Vec::new();
        for _ in 0..8 {
            rooms.push(server.group(&bob, Visibility::Public, &[]).await.id);
        }
        for round in 0..4 {
            let name = format!("ana{round}");
            let (ana, me) = server.person(&name).await;
            let joining = join_all(rooms.iter().map(|room| ana.join_room(*room)));
            let opening = bob.direct_chat(me.user.id);
            let (_, answer, _) = tokio::join!(joining, delete(&ana, PASSWORD), opening);
            assert_eq!(answer.status, 204);
            let db = server.app.db.read();
            assert!(queries::departures::groups(db, me.user.id).await.unwrap().is_empty());
            for room in &rooms {
                let room = bob.room(*room).await.unwrap();
                assert_eq!((room.participant_count, room.participants.len()), (1, 1));
            }
        }
    }

    async fn friendships_and_blocks_in_flight_leave_nothing(server: TestServer) {
        let (bob, bob_user) = server.person("bob").await;
        for round in 0..6 {
            let (ana, me) = server.person(&format!("ana{round}")).await;
            let (to_ana, to_bob) = (json!({"user_id": me.user.id}), json!({"user_id": bob_user.user.id}));
            let asks = bob.request(Method::POST, "/api/v1/friends/requests/", Some(&to_ana));
            let asked = ana.request(Method::POST, "/api/v1/friends/requests/", Some(&to_bob));
            let blocks = bob.request(Method::POST, "/api/v1/blocks/", Some(&to_ana));
            let (answer, _, _, _) = tokio::join!(delete(&ana, PASSWORD), asks, asked, blocks);
            assert_eq!(answer.status, 204);
            let db = server.app.db.read();
            let relation = queries::relations::between(db, bob_user.user.id, me.user.id).await.unwrap();
            assert_eq!(relation, queries::relations::Relation::default());
        }
    }

    async fn a_departure_that_was_cut_off_is_finished(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let group = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut row = row(&server, &me).await;
        row.is_active = false;
        row.deleted_at = Some(server.app.clock.now().millis());
        let tx = server.app.db.begin().await.unwrap();
        queries::users::update(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
        jobs::finish_departures(&server.app).await.unwrap();
        let room = bob.room(group).await.unwrap();
        assert_eq!((room.participant_count, room.my_role), (1, Some(Role::Owner)));
        let revision = room.revision;
        jobs::finish_departures(&server.app).await.unwrap();
        assert_eq!(bob.room(group).await.unwrap().revision, revision, "once");
    }

    async fn what_is_in_flight_writes_nothing_back(server: TestServer) {
        let (bob, bob_user) = server.person("bob").await;
        for round in 0..4 {
            let (ana, me) = server.person(&format!("ana{round}")).await;
            let group = server.group(&bob, Visibility::Private, &[&me]).await.id;
            let owned = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
            let profile = json!({"display_name": "Secret", "bio": "Secret", "phone_number": "+34600000000", "email": format!("secret{round}@example.com")});
            let draft = PutDraft { content: "Secret".to_owned(), reply_to_id: None };
            let (named, chosen) = (json!({"name": "Secret"}), json!({"pinned": true}));
            let (of_room, of_member) = (format!("/api/v1/chat/rooms/{owned}/"), format!("/api/v1/chat/rooms/{group}/preferences/"));
            let (answer, ..) = tokio::join!(
                delete(&ana, PASSWORD),
                join_all((0..6).map(|_| ana.request(Method::PATCH, "/api/v1/users/me/", Some(&profile)))),
                join_all((0..6).map(|_| ana.put_draft(group, &draft))),
                join_all((0..3).map(|_| ana.upload("secret.txt", "secret"))),
                ana.set_avatar(picture(ImageFormat::Png, 8, 8)),
                ana.request(Method::PATCH, &of_room, Some(&named)),
                ana.request(Method::PATCH, &of_member, Some(&chosen)),
            );
            assert_eq!(answer.status, 204);
            let (db, left) = (server.app.db.read(), row(&server, &me).await);
            assert_eq!((left.email, left.email_key, left.phone_number, left.avatar_id), (None, None, None, None));
            assert_eq!((left.bio.as_str(), left.display_name.contains("Secret")), ("", false));
            let drafts = drafts::Entity::find().all(db).await.unwrap();
            assert!(drafts.iter().all(|draft| draft.user_id != me.user.id.0));
            let files = files::Entity::find().all(db).await.unwrap();
            assert!(files.iter().all(|file| file.uploader_id != me.user.id.0 || file.purpose() == Purpose::Discarded));
            assert!(queries::departures::groups(db, me.user.id).await.unwrap().is_empty());
        }
    }

    async fn who_is_gone_can_write_nothing(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let group = server.group(&bob, Visibility::Private, &[&me]).await.id;
        ana.delete_me(PASSWORD).await.unwrap();
        // As a request that was let in before.
        let tx = server.app.db.begin().await.unwrap();
        let ended = |error| matches!(error, charla_db::Error::Conflict(ErrorCode::SessionEnded));
        assert!(ended(queries::access::lock(&tx, group, me.user.id).await.unwrap_err()));
        assert!(ended(queries::users::lock_active(&tx, me.user.id).await.unwrap_err()));
        assert!(ended(queries::users::check_active(&tx, me.user.id).await.unwrap_err()));
    }

    async fn the_old_names_go_with_the_account(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let group = server.group(&bob, Visibility::Private, &[]).await.id;
        bob.add_members(group, vec![me.user.id]).await.unwrap();
        let direct = bob.direct_chat(me.user.id).await.unwrap().value;
        assert_eq!(direct.slug, "ana--bob");
        let said = bob.send_message(&text(direct.id, "to nobody")).await.unwrap().value;
        let renamed = json!({"display_name": "Zaida"});
        ana.request(Method::PATCH, "/api/v1/users/me/", Some(&renamed)).await.unwrap();
        let newest = async || bob.room_messages(group, charla_client::Place::Newest, None).await.unwrap().results;
        let added = newest().await.pop().unwrap();
        assert_eq!(added.system.unwrap().user.unwrap().display_name, "Zaida", "as they are called now");
        assert!(added.content.ends_with("added Zaida") && added.content_html.contains("added Zaida"), "{}", added.content);

        ana.delete_me(PASSWORD).await.unwrap();
        let all = json!([newest().await, bob.room_changes(group, 0, None).await.unwrap().results, bob.rooms().await.unwrap().results]);
        let all = all.to_string();
        assert!(!all.contains("Zaida") && !all.contains("\"ana\"") && !all.contains("ana--"), "{all}");
        let slug = bob.room(direct.id).await.unwrap().slug;
        assert!(slug.starts_with("bob--deleted-"), "{slug}");
        assert_eq!(refused(bob.pin(direct.id, said.id).await), (403, ErrorCode::DirectMessagesRefused));
        assert_eq!(bob.direct_chat(me.user.id).await.unwrap().value.id, direct.id, "it can be read");
    }
}
