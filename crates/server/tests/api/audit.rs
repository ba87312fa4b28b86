//! `/api/v1/admin/audit/`

use charla_client::{AuditFilter, Client, Door, Method};
use charla_db::tables::audit_entries;
use charla_protocol::{
    ErrorCode, UserId,
    actions::Action,
    audit::{AuditAction, AuditEntry, AuditIntegrity, AuditTarget},
    events::Event,
    invites::CreateInvite,
    members::Role,
    rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::support::{act, make_staff, open, refusal, say, staff, wait_for};

/// All entries but for those of the test's own administrator, the first one first.
async fn entries(root: &Client) -> Vec<AuditEntry> {
    let mut entries = root.audit_log(&AuditFilter::default()).await.unwrap().results;
    entries.retain(|entry| entry.action != AuditAction::SuperuserCreated);
    entries.reverse();
    entries
}

async fn integrity(root: &Client) -> AuditIntegrity {
    let filter = AuditFilter { verify: true, ..AuditFilter::default() };
    root.audit_log(&filter).await.unwrap().integrity.unwrap()
}

/// Who did what to what, by whom.
fn told(entry: &AuditEntry) -> (Option<UserId>, AuditAction, AuditTarget, Uuid) {
    (entry.actor.as_ref().map(|actor| actor.id), entry.action, entry.target_type, entry.target_id)
}

on_each_database! {
    async fn what_is_done_to_members_is_written_down(server: TestServer) {
        use AuditTarget::User;
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (_, bob_user) = server.person("bob").await;
        let (ana_id, bob) = (ana_user.user.id, bob_user.user.id);
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        ana.add_members(room, vec![bob]).await.unwrap();
        ana.change_role(room, bob, Role::Admin).await.unwrap();
        ana.change_role(room, bob, Role::Admin).await.unwrap();
        ana.remove_member(room, bob).await.unwrap();
        ana.leave_room(room).await.unwrap();
        let entries = entries(&root).await;
        let expected = [AuditAction::MemberAdded, AuditAction::RoleChanged, AuditAction::MemberRemoved];
        let expected = expected.map(|action| (Some(ana_id), action, User, bob.0));
        assert_eq!(entries.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!(entries[0].details, json!({"room_id": room}));
        assert_eq!(entries[1].details, json!({"room_id": room, "from": "member", "to": "admin"}));
        assert_eq!(entries[2].details, json!({"room_id": room, "role": "admin"}));
        assert_eq!(entries[0].address.as_deref(), Some("127.0.0.1"));
        assert!(entries.iter().all(|entry| entry.request_id.is_some()));
    }

    async fn deleted_messages_of_others_are_written_down_by_either_door(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let [own, first, second, third] = [
            say(&bob, room, "my own").await.id,
            say(&bob, room, "one").await.id,
            say(&bob, room, "two").await.id,
            say(&bob, room, "three").await.id,
        ];
        bob.delete_message(own).await.unwrap();
        ana.delete_message(first).await.unwrap();
        // There is nothing to do.
        ana.delete_message(first).await.unwrap();
        let mut socket = open(&ana, Door::All).await;
        act(&mut socket, Some(room), None, Action::DeleteMessage { message_id: second }).await;
        wait_for(&mut socket, |event| matches!(event, Event::MessageDeleted(_)).then_some(())).await;
        root.delete_message(third).await.unwrap();
        let entries: Vec<AuditEntry> =
            entries(&root).await.into_iter().filter(|entry| entry.target_type == AuditTarget::Message).collect();
        let by: Vec<_> = entries.iter().map(|entry| entry.actor.as_ref().unwrap().id).collect();
        let root_id = root.me().await.unwrap().user.id;
        assert_eq!(by, [ana_user.user.id, ana_user.user.id, root_id]);
        let targets: Vec<_> = entries.iter().map(|entry| entry.target_id).collect();
        assert_eq!(targets, [first.0, second.0, third.0]);
        for entry in &entries {
            assert_eq!(entry.action, AuditAction::MessageDeleted);
            assert_eq!(entry.details, json!({"room_id": room, "sender_id": bob_user.user.id}));
            assert_eq!(entry.address.as_deref(), Some("127.0.0.1"));
            assert!(entry.request_id.is_some());
        }
    }

    async fn staff_acts_are_written_down_and_refused_ones_are_not(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let invite = CreateInvite { max_uses: Some(7), expires_at: None };
        refusal(ana.create_server_invite(&invite).await);
        assert!(entries(&root).await.is_empty());
        make_staff(&server, &ana_user).await;
        let made = ana.create_server_invite(&invite).await.unwrap();
        ana.withdraw_server_invite(&made.code).await.unwrap();
        refusal(ana.withdraw_server_invite(&made.code).await);
        let entries = entries(&root).await;
        let actions: Vec<_> = entries.iter().map(|entry| entry.action).collect();
        assert_eq!(actions, [AuditAction::InviteCreated, AuditAction::InviteWithdrawn]);
        assert_eq!(entries[0].details, json!({"expires_at": null, "max_uses": 7}));
        assert_eq!(entries[0].target_id, entries[1].target_id);
    }

    async fn the_log_is_for_staff_and_can_be_narrowed(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        assert_eq!(refusal(ana.audit_log(&AuditFilter::default()).await), (403, ErrorCode::Forbidden));
        for _ in 0..3 {
            root.create_server_invite(&CreateInvite::default()).await.unwrap();
        }
        let all = root.audit_log(&AuditFilter::default()).await.unwrap();
        assert_eq!(all.results.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!(all.integrity, None);
        let by_root = AuditFilter { actor: Some(root.me().await.unwrap().user.id), ..AuditFilter::default() };
        assert_eq!(root.audit_log(&by_root).await.unwrap().results.len(), 3);
        let by_ana = AuditFilter { actor: Some(ana_user.user.id), ..AuditFilter::default() };
        assert!(root.audit_log(&by_ana).await.unwrap().results.is_empty());
        let action = AuditFilter { action: Some(AuditAction::SuperuserCreated), ..AuditFilter::default() };
        assert_eq!(root.audit_log(&action).await.unwrap().results[0].actor, None);
        let target = AuditFilter { target: Some(all.results[1].target_id), ..AuditFilter::default() };
        assert_eq!(root.audit_log(&target).await.unwrap().results, [all.results[1].clone()]);
        let at = all.results[3].created_at;
        let get = async |query: &str| {
            let path = format!("/api/v1/admin/audit/?{query}");
            root.request(Method::GET, &path, None).await.unwrap()
        };
        let none: serde_json::Value = get(&format!("before={at}")).await.json().unwrap();
        assert_eq!(none["results"], json!([]));
        let csv = get("format=csv&limit=1").await;
        let text = String::from_utf8(csv.body.to_vec()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert!(lines[0].starts_with(r#""seq","created_at","actor","action""#), "{text}");
        assert!(lines[1].starts_with(r#""4","#) && lines[1].contains(r#","root","invite_created","invite","#), "{text}");
        let page: serde_json::Value = get("limit=3").await.json().unwrap();
        assert!(page["next"].as_str().unwrap().contains("cursor="));
        assert_eq!(get("limit=0").await.status, 400);
        assert_eq!(get("action=everything").await.status, 400);
    }

    async fn entries_of_acts_at_the_same_moment_make_one_chain(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let mut deletions = Vec::new();
        for _ in 0..4 {
            let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
            for number in 0..5 {
                deletions.push(say(&bob, room, &format!("message {number}")).await.id);
            }
        }
        let before = entries(&root).await.len();
        let invites = (0..5).map(async |_| {
            root.create_server_invite(&CreateInvite::default()).await.unwrap();
        });
        let deletions = deletions.into_iter().map(async |id| ana.delete_message(id).await.unwrap());
        tokio::join!(futures_util::future::join_all(deletions), futures_util::future::join_all(invites));
        assert_eq!(entries(&root).await.len(), before + 25);
        let whole = integrity(&root).await;
        assert_eq!((whole.is_whole, whole.broken_at), (true, None));
        assert_eq!(whole.entries, before as u64 + 26);
    }

    async fn what_was_changed_or_taken_away_shows(server: TestServer) {
        let root = staff(&server).await;
        assert_eq!(integrity(&root).await, AuditIntegrity { entries: 1, is_whole: true, broken_at: None });
        for _ in 0..3 {
            root.create_server_invite(&CreateInvite::default()).await.unwrap();
        }
        let db = server.app.db.read();
        let row = |seq: i64| audit_entries::Entity::find_by_id(seq).one(db);
        let broken = |at: u64| AuditIntegrity { entries: at - 1, is_whole: false, broken_at: Some(at.cast_signed()) };
        // Another address.
        let third = row(3).await.unwrap().unwrap();
        let changed = audit_entries::ActiveModel {
            seq: Set(3),
            address: Set(Some("192.0.2.1".to_owned())),
            ..Default::default()
        };
        let tx = server.app.db.begin().await.unwrap();
        changed.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(integrity(&root).await, broken(3));
        let tx = server.app.db.begin().await.unwrap();
        let back = audit_entries::ActiveModel { seq: Set(3), address: Set(third.address), ..Default::default() };
        back.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(integrity(&root).await.is_whole);
        // The last one is gone, then one in the middle.
        for (gone, at) in [(4, 4), (2, 2)] {
            let tx = server.app.db.begin().await.unwrap();
            audit_entries::Entity::delete_many()
                .filter(audit_entries::Column::Seq.eq(gone))
                .exec(&tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert_eq!(integrity(&root).await, broken(at));
        }
    }
}
