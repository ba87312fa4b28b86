//! `/api/v1/reports/` and `/api/v1/admin/reports/`

use charla_client::AuditFilter;
use charla_protocol::{
    ErrorCode, MessageId, UserId,
    audit::AuditAction,
    reports::{CreateReport, ReportOutcome, ReportReason, ReportState, ResolveReport},
    rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use serde_json::json;
use uuid::Uuid;

use crate::support::{refusal, rejected, say, staff};

fn of_message(message: MessageId, note: &str) -> CreateReport {
    let (message_id, reason) = (Some(message), ReportReason::Harassment);
    CreateReport { message_id, user_id: None, reason, note: note.to_owned() }
}

fn of_user(user: UserId) -> CreateReport {
    CreateReport { message_id: None, user_id: Some(user), reason: ReportReason::Spam, note: String::new() }
}

fn resolved(outcome: ReportOutcome) -> ResolveReport {
    ResolveReport { outcome, resolution: "Talked to both".to_owned() }
}

on_each_database! {
    async fn a_report_waits_for_staff_until_it_is_resolved(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let message = say(&bob, room, "You **fool**").await.id;
        let made = ana.report(&of_message(message, "Every day")).await.unwrap();
        assert!(made.is_new);
        // Once for a reporter and a target.
        let again = ana.report(&of_message(message, "And again")).await.unwrap();
        assert_eq!((again.is_new, again.value), (false, made.value.clone()));
        ana.report(&of_user(bob_user.user.id)).await.unwrap();

        let forbidden = (403, ErrorCode::Forbidden);
        assert_eq!(refusal(ana.reports(ReportState::Open).await), forbidden);
        let dismissed = resolved(ReportOutcome::Dismissed);
        assert_eq!(refusal(ana.resolve_report(made.value.id, &dismissed).await), forbidden);
        let open = root.reports(ReportState::Open).await.unwrap().results;
        assert_eq!(open.len(), 2);
        assert_eq!((open[0].message_id, open[0].excerpt.clone(), open[0].room_id), (None, None, None));
        let report = &open[1];
        assert_eq!((report.reporter.id, report.user.id), (ana_user.user.id, bob_user.user.id));
        assert_eq!((report.message_id, report.room_id), (Some(message), Some(room)));
        assert_eq!((report.excerpt.as_deref(), report.note.as_str()), (Some("You **fool**"), "Every day"));
        // What was said stays to be seen by staff.
        bob.delete_message(message).await.unwrap();
        let open = root.reports(ReportState::Open).await.unwrap().results;
        assert_eq!(open[1].excerpt.as_deref(), Some("You **fool**"));

        let done = root.resolve_report(report.id, &resolved(ReportOutcome::Warned)).await.unwrap();
        assert_eq!((done.outcome, done.excerpt.clone()), (Some(ReportOutcome::Warned), None));
        assert_eq!(done.resolved_by.as_ref().map(|by| by.username.as_str()), Some("root"));
        assert_eq!(done.resolution, "Talked to both");
        assert_eq!(refusal(root.resolve_report(report.id, &dismissed).await), (409, ErrorCode::Conflict));
        assert_eq!(root.reports(ReportState::Open).await.unwrap().results.len(), 1);
        assert_eq!(root.reports(ReportState::Resolved).await.unwrap().results, [done]);
        let target = AuditFilter { target: Some(report.id), ..AuditFilter::default() };
        let log = root.audit_log(&target).await.unwrap().results;
        assert_eq!((log.len(), log[0].action), (1, AuditAction::ReportResolved));
        assert_eq!(log[0].details, json!({"outcome": "warned", "user_id": bob_user.user.id}));
    }

    async fn only_what_can_be_read_can_be_reported(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let hidden = server.group(&bob, Visibility::Private, &[]).await.id;
        let public = server.group(&bob, Visibility::Public, &[]).await.id;
        let room = server.group(&bob, Visibility::Private, &[&ana_user]).await.id;
        let missing = (404, ErrorCode::NotFound);
        let secret = say(&bob, hidden, "x").await.id;
        assert_eq!(refusal(ana.report(&of_message(secret, "")).await), missing);
        let elsewhere = say(&bob, public, "x").await.id;
        assert_eq!(refusal(ana.report(&of_message(elsewhere, "")).await), (403, ErrorCode::NotAMember));
        let gone = say(&bob, room, "x").await.id;
        bob.delete_message(gone).await.unwrap();
        assert_eq!(refusal(ana.report(&of_message(gone, "")).await), missing);
        assert_eq!(refusal(ana.report(&of_user(Uuid::nil().into())).await), missing);
        let own = say(&ana, room, "x").await.id;
        assert_eq!(rejected(ana.report(&of_message(own, "")).await), ["message_id"]);
        assert_eq!(rejected(ana.report(&of_user(ana_user.user.id)).await), ["user_id"]);
        let both = CreateReport { user_id: Some(bob_user.user.id), ..of_message(own, &"x".repeat(1001)) };
        assert_eq!(rejected(ana.report(&both).await), ["message_id", "note"]);
    }

    async fn who_is_gone_leaves_no_reports(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        ana.report(&of_user(bob_user.user.id)).await.unwrap();
        bob.report(&of_user(ana_user.user.id)).await.unwrap();
        eve.report(&of_user(ana_user.user.id)).await.unwrap();
        bob.delete_me(charla_testing::PASSWORD).await.unwrap();
        let left = root.reports(ReportState::Open).await.unwrap().results;
        assert_eq!(left.iter().map(|report| report.reporter.username.as_str()).collect::<Vec<_>>(), ["eve"]);
    }
}
