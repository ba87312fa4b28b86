//! `/api/v1/admin/users/`

use std::time::Duration;

use charla_client::{AccountFilter, Client, Door, Method};
use charla_protocol::{
    ErrorCode, List,
    admin::users::{AdminUser, UpdateUser, UserRole, UserSort, UserStatus},
    audit::AuditAction,
    rooms::Visibility,
    sanctions::{CreateSanction, SanctionKind},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use serde_json::json;

use super::{FORBIDDEN, NOT_FOUND, log_of};
use crate::support::{make_staff, open, refusal, rejected, say, staff, superuser, wait_for_close};

const NEW_PASSWORD: &str = "another horse battery";

async fn names(client: &Client, filter: AccountFilter) -> Vec<String> {
    let found = client.accounts(&filter).await.unwrap().results;
    found.into_iter().map(|account| account.user.username).collect()
}

fn mute() -> CreateSanction {
    CreateSanction { kind: SanctionKind::Mute, reason: "Be kind".to_owned(), ends_at: None }
}

on_each_database! {
    async fn accounts_are_listed_to_staff_in_each_order(server: TestServer) {
        let root = staff(&server).await;
        for name in ["bob", "Ana", "carl"] {
            server.clock.advance(Duration::from_secs(1));
            server.person(name).await;
        }
        let by = async |sort| names(&root, AccountFilter { sort, ..AccountFilter::default() }).await;
        assert_eq!(by(UserSort::Username).await, ["Ana", "bob", "carl", "root"]);
        assert_eq!(by(UserSort::UsernameDescending).await, ["root", "carl", "bob", "Ana"]);
        assert_eq!(by(UserSort::DateJoined).await, ["root", "bob", "Ana", "carl"]);
        assert_eq!(by(UserSort::DateJoinedDescending).await, ["carl", "Ana", "bob", "root"]);
        assert_eq!(by(UserSort::LastSeen).await.len(), 4);
        assert_eq!(by(UserSort::LastSeenDescending).await.len(), 4);
        // Page by page, there and back.
        for sort in ["username", "-username", "date_joined", "-date_joined", "last_seen", "-last_seen"] {
            let all: List<AdminUser> = root.page(&format!("/api/v1/admin/users/?sort={sort}")).await.unwrap();
            let mut page: List<AdminUser> =
                root.page(&format!("/api/v1/admin/users/?sort={sort}&limit=1")).await.unwrap();
            let first = page.clone();
            for (number, expected) in all.results.iter().enumerate() {
                assert_eq!(page.results, std::slice::from_ref(expected), "{sort} {number}");
                if let Some(next) = &page.next {
                    page = root.page(next).await.unwrap();
                }
            }
            while let Some(previous) = &page.previous {
                page = root.page(previous).await.unwrap();
            }
            assert_eq!(page.results, first.results, "{sort}");
        }
        // The position of another order is none.
        let first: List<AdminUser> =
            root.page("/api/v1/admin/users/?sort=username&limit=1").await.unwrap();
        let other = first.next.unwrap().replace("sort=username", "sort=date_joined");
        let answer = root.request(Method::GET, &other[other.find("/api").unwrap()..], None).await.unwrap();
        assert_eq!(answer.status, 400);
    }

    async fn accounts_are_found_by_what_they_are(server: TestServer) {
        let root = staff(&server).await;
        let (_, ana) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, carl) = server.person("carl").await;
        make_staff(&server, &ana).await;
        root.impose_sanction(bob_user.user.id, &mute()).await.unwrap();
        let ban = CreateSanction { kind: SanctionKind::Ban, ..mute() };
        root.impose_sanction(carl.user.id, &ban).await.unwrap();
        root.impose_sanction(carl.user.id, &mute()).await.unwrap();
        let with = AccountFilter { sort: UserSort::Username, ..AccountFilter::default() };
        let of = async |status| names(&root, AccountFilter { status: Some(status), ..with.clone() }).await;
        assert_eq!(of(UserStatus::Muted).await, ["bob", "carl"]);
        assert_eq!(of(UserStatus::Banned).await, ["carl"]);
        assert_eq!(of(UserStatus::Active).await.len(), 4);
        assert!(of(UserStatus::Inactive).await.is_empty());
        let of = async |role| names(&root, AccountFilter { role: Some(role), ..with.clone() }).await;
        assert_eq!(of(UserRole::Staff).await, ["ana"]);
        assert_eq!(of(UserRole::Superuser).await, ["root"]);
        assert_eq!(of(UserRole::Person).await, ["bob", "carl"]);
        let of = async |text: &str| {
            names(&root, AccountFilter { search: Some(text.to_owned()), ..with.clone() }).await
        };
        assert_eq!(of("AR").await, ["carl"]);
        assert_eq!(of("bob@").await, ["bob"]);
        assert_eq!(of(&ana.user.id.to_string()).await, ["ana"]);
        assert!(of("%").await.is_empty());
        let carl = root.account(carl.user.id).await.unwrap().user;
        assert_eq!(carl.sanction.map(|sanction| sanction.kind), Some(SanctionKind::Ban));
        assert_eq!(refusal(bob.accounts(&with).await), FORBIDDEN);
        assert_eq!(refusal(bob.account(ana.user.id).await), FORBIDDEN);
        let csv = root.request(Method::GET, "/api/v1/admin/users/?format=csv&limit=1", None).await.unwrap();
        assert_eq!(String::from_utf8(csv.body.to_vec()).unwrap().lines().count(), 5);
    }

    async fn an_account_is_shown_with_how_much_it_has(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&bob, Visibility::Private, &[]).await.id;
        say(&bob, room, "one").await;
        let file = bob.upload("a.txt", "four").await.unwrap().id;
        // In no message yet.
        bob.upload("b.txt", "nobody's").await.unwrap();
        let sent = charla_protocol::messages::SendMessage {
            attachment_ids: vec![file],
            ..crate::support::text(room, "two")
        };
        bob.send_message(&sent).await.unwrap();
        let found = root.account(bob_user.user.id).await.unwrap();
        assert_eq!((found.user.email, found.user.is_active), (bob_user.email, true));
        let counts = found.counts;
        assert_eq!((counts.rooms, counts.uploads, counts.upload_bytes, counts.sessions), (1, 1, 4, 1));
        assert!(counts.messages >= 2);
        assert_eq!(refusal(root.account(charla_protocol::UserId(uuid::Uuid::nil())).await), NOT_FOUND);
    }

    async fn a_name_and_an_address_are_changed_for_somebody(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let (ana, ana_user) = server.person("ana").await;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let to = |username: &str| UpdateUser { username: Some(username.to_owned()), ..UpdateUser::default() };
        let changed = root.update_account(bob_user.user.id, &to("robert")).await.unwrap();
        assert_eq!(changed.user.user.username, "robert");
        assert_eq!(bob.me().await.unwrap().user.username, "robert");
        assert_eq!(ana.room(direct).await.unwrap().slug, "ana--robert");
        server.anonymous().login("robert", PASSWORD).await.unwrap();
        assert_eq!(rejected(root.update_account(bob_user.user.id, &to("ANA")).await), ["username"]);
        assert_eq!(rejected(root.update_account(bob_user.user.id, &to("a b")).await), ["username"]);
        let address = |email: Option<&str>| UpdateUser {
            email: Some(email.map(str::to_owned)),
            ..UpdateUser::default()
        };
        let taken = ana_user.email.unwrap();
        assert_eq!(rejected(root.update_account(bob_user.user.id, &address(Some(&taken))).await), ["email"]);
        let changed = root.update_account(bob_user.user.id, &address(Some("new@example.org"))).await.unwrap().user;
        assert_eq!((changed.email.as_deref(), changed.email_verified), (Some("new@example.org"), false));
        let changed = root.update_account(bob_user.user.id, &address(None)).await.unwrap().user;
        assert_eq!(changed.email, None);
        // What changes nothing is no act.
        root.update_account(bob_user.user.id, &address(None)).await.unwrap();
        let log = log_of(&root, bob_user.user.id.0).await;
        let told: Vec<_> = log.iter().map(|entry| (entry.action, entry.details["changed"].clone())).collect();
        let changed = |name: &str| (AuditAction::AccountChanged, json!([name]));
        assert_eq!(told, [changed("username"), changed("email"), changed("email")]);
    }

    async fn who_is_put_out_of_use_is_signed_out_until_they_are_back(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let mut socket = open(&bob, Door::All).await;
        let active = |is_active| UpdateUser { is_active: Some(is_active), ..UpdateUser::default() };
        root.update_account(bob_user.user.id, &active(false)).await.unwrap();
        assert_eq!(wait_for_close(&mut socket).await, Some(4401));
        assert!(bob.me().await.is_err());
        assert!(server.anonymous().login("bob", PASSWORD).await.is_err());
        assert_eq!(refusal(root.create_reset_link(bob_user.user.id).await), (409, ErrorCode::Conflict));
        root.update_account(bob_user.user.id, &active(true)).await.unwrap();
        server.anonymous().login("bob", PASSWORD).await.unwrap();
        let log = log_of(&root, bob_user.user.id.0).await;
        let told: Vec<_> = log.iter().map(|entry| entry.details["is_active"].clone()).collect();
        assert_eq!(told, [json!(false), json!(true)]);
    }

    async fn offices_are_for_superusers_to_give_and_nobody_takes_their_own(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let root_id = root.me().await.unwrap().user.id;
        let office = |is_staff| UpdateUser { is_staff: Some(is_staff), ..UpdateUser::default() };
        let inactive = UpdateUser { is_active: Some(false), ..UpdateUser::default() };
        assert_eq!(refusal(ana.update_account(bob_user.user.id, &inactive).await), FORBIDDEN);
        root.update_account(ana_user.user.id, &office(true)).await.unwrap();
        // Ana is staff now: she may do something to Bob, but gives no office, and does nothing to staff.
        assert_eq!(refusal(ana.update_account(bob_user.user.id, &office(true)).await), FORBIDDEN);
        assert_eq!(refusal(ana.update_account(root_id, &inactive).await), FORBIDDEN);
        assert_eq!(refusal(ana.create_reset_link(root_id).await), FORBIDDEN);
        assert_eq!(refusal(ana.end_sessions_of(root_id).await), FORBIDDEN);
        assert_eq!(refusal(ana.delete_account(root_id).await), FORBIDDEN);
        let other = superuser(&server, "toor").await;
        let other_id = other.me().await.unwrap().user.id;
        for (client, id) in [(&ana, ana_user.user.id), (&root, root_id)] {
            assert_eq!(refusal(client.update_account(id, &office(false)).await), FORBIDDEN);
            assert_eq!(refusal(client.update_account(id, &inactive).await), FORBIDDEN);
            assert_eq!(refusal(client.delete_account(id).await), FORBIDDEN);
            assert_eq!(refusal(client.create_reset_link(id).await), FORBIDDEN);
        }
        assert_eq!(refusal(root.update_account(other_id, &office(false)).await), FORBIDDEN);
        root.update_account(other_id, &inactive).await.unwrap();
        root.update_account(ana_user.user.id, &office(false)).await.unwrap();
        assert_eq!(refusal(ana.update_account(bob_user.user.id, &inactive).await), FORBIDDEN);
        let log = log_of(&root, ana_user.user.id.0).await;
        assert_eq!(log[0].details, json!({"changed": ["is_staff"], "is_staff": true}));
        assert_eq!(log.len(), 2);
    }

    async fn an_account_is_deleted_and_sessions_are_ended_by_staff(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let said = say(&bob, room, "hello").await;
        let mut socket = open(&bob, Door::All).await;
        root.end_sessions_of(bob_user.user.id).await.unwrap();
        assert_eq!(wait_for_close(&mut socket).await, Some(4401));
        assert_eq!(refusal(bob.me().await), (401, ErrorCode::SessionEnded));
        root.delete_account(bob_user.user.id).await.unwrap();
        assert_eq!(refusal(root.account(bob_user.user.id).await), NOT_FOUND);
        assert_eq!(refusal(root.delete_account(bob_user.user.id).await), NOT_FOUND);
        assert!(server.anonymous().login("bob", PASSWORD).await.is_err());
        assert_eq!(ana.message(said.id).await.unwrap().content, "hello");
        assert_eq!(ana.room(room).await.unwrap().participant_count, 1);
        assert!(!names(&root, AccountFilter::default()).await.iter().any(|name| name.starts_with("deleted")));
        let log = log_of(&root, bob_user.user.id.0).await;
        let actions: Vec<_> = log.iter().map(|entry| entry.action).collect();
        assert_eq!(actions, [AuditAction::SessionsEnded, AuditAction::AccountDeleted]);
    }

    async fn a_link_lets_somebody_choose_a_password_once(server: TestServer) {
        let root = staff(&server).await;
        let (bob, bob_user) = server.person("bob").await;
        let first = root.create_reset_link(bob_user.user.id).await.unwrap();
        let link = root.create_reset_link(bob_user.user.id).await.unwrap();
        let token = |url: &str| url.split_once("#token=").unwrap().1.to_owned();
        let visitor = server.anonymous();
        // The later takes the place of the earlier.
        let refused = visitor.confirm_password_reset(&token(&first.url), NEW_PASSWORD).await;
        assert_eq!(rejected(refused), ["token"]);
        visitor.confirm_password_reset(&token(&link.url), NEW_PASSWORD).await.unwrap();
        assert_eq!(refusal(bob.me().await), (401, ErrorCode::SessionEnded));
        assert_eq!(rejected(visitor.confirm_password_reset(&token(&link.url), NEW_PASSWORD).await), ["token"]);
        visitor.login("bob", NEW_PASSWORD).await.unwrap();
        // It was shown, not mailed.
        assert!(!visitor.me().await.unwrap().email_verified);
        let late = root.create_reset_link(bob_user.user.id).await.unwrap();
        server.clock.advance(Duration::from_secs(24 * 60 * 60));
        assert_eq!(rejected(visitor.confirm_password_reset(&token(&late.url), NEW_PASSWORD).await), ["token"]);
        let root = server.anonymous();
        root.login("root", PASSWORD).await.unwrap();
        let log = log_of(&root, bob_user.user.id.0).await;
        let actions: Vec<_> = log.iter().map(|entry| entry.action).collect();
        assert_eq!(actions, [AuditAction::ResetLinkCreated; 3]);
        assert!(log.iter().all(|entry| !entry.details.to_string().contains(&token(&link.url))));
    }
}
