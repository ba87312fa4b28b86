//! Every operation of the OpenAPI document has a method: each method is called once on a server that only listens.

#![expect(clippy::unwrap_used, reason = "clippy lets tests unwrap, but not their helpers")]

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode, Uri},
};
use charla_client::{AccountFilter, AuditFilter, Client, MessageSearch, Place};
use charla_protocol::{
    FriendRequestId, MessageId, RoomId, SessionId, UserId,
    admin::{
        rooms::{RoomSort, UpdateAdminRoom},
        settings::UpdateServerSettings,
        users::UpdateUser,
    },
    auth::{ChangePassword, Register, Setup},
    bots::{CreateBot, CreateBotToken, UpdateBot},
    drafts::PutDraft,
    friends::RequestDirection,
    invites::CreateInvite,
    members::Role,
    messages::{MessageType, SendMessage},
    reports::{CreateReport, ReportOutcome, ReportReason, ReportState, ResolveReport},
    rooms::{CreateRoom, History, RoomType, UpdatePreferences, UpdateRoom, Visibility},
    sanctions::{CreateSanction, SanctionKind},
    two_factor::TwoFactorProof,
    users::UpdateMe,
};
use parking_lot::Mutex;
use serde_json::Value;
use uuid::Uuid;

const DOCUMENT: &str = include_str!("../../../docs/openapi.json");
/// What another operation does as well: `PATCH` edits messages.
const LEFT_OUT: [&str; 1] = ["replace_message"];

/// Methods and paths that were asked for.
type Heard = Arc<Mutex<Vec<(Method, String)>>>;

async fn hear(State(heard): State<Heard>, method: Method, uri: Uri) -> StatusCode {
    heard.lock().push((method, uri.path().to_owned()));
    StatusCode::NOT_FOUND
}

async fn listen() -> (Client, Heard) {
    let heard = Heard::default();
    let router = Router::new().fallback(hear).with_state(Arc::clone(&heard));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (client, heard)
}

/// The method, the path with `{…}` in it, and the id of each operation.
fn operations() -> Vec<(Method, String, String)> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.push((method.to_uppercase().parse().unwrap(), path.clone(), id));
        }
    }
    assert!(operations.len() > 70, "{}", operations.len());
    operations
}

/// Whether a path is one of the template's. A part that is written out counts before one that stands for any.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(part, given)| part == given || part.starts_with('{'))
}

/// The operation that a call asks for: the one with the fewest parts that stand for any.
fn asked<'a>(
    operations: &'a [(Method, String, String)],
    method: &Method,
    path: &str,
) -> Option<&'a (Method, String, String)> {
    let of_path = operations.iter().filter(|(known, template, _)| known == method && fits(template, path));
    of_path.min_by_key(|(_, template, _)| template.matches('{').count())
}

/// Whatever comes back is no matter here.
macro_rules! call {
    ($($client:ident . $name:ident ( $($argument:expr),* )),+ $(,)?) => {
        $( drop($client.$name($($argument),*).await); )+
    };
}

async fn accounts(client: &Client) {
    let text = || "x".to_owned();
    let register = Register {
        username: text(),
        email: text(),
        password: text(),
        phone_number: None,
        display_name: None,
        invite: None,
    };
    let setup = Setup { token: text(), username: text(), email: text(), password: text() };
    let change = ChangePassword { old_password: text(), new_password: text() };
    let user = UserId(Uuid::nil());
    let proof = TwoFactorProof { password: text(), code: text() };
    call!(
        client.registration_policy(),
        client.register(&register),
        client.login("x", "x"),
        client.login_by_code("x", "x"),
        client.two_factor(),
        client.set_up_two_factor(),
        client.enable_two_factor(&proof),
        client.disable_two_factor(&proof),
        client.renew_recovery_codes(&proof),
        client.setup(&setup),
        client.refresh(),
        client.sessions(),
        client.end_session(SessionId(Uuid::nil())),
        client.change_password(&change),
        client.request_password_reset("x"),
        client.confirm_password_reset("x", "x"),
        client.verify_email("x"),
        client.send_verification(),
        client.search_users("x"),
        client.user(user),
        client.me(),
        client.update_me(&UpdateMe::default()),
        client.set_avatar("x"),
        client.remove_avatar(),
        client.export_me(),
        client.delete_me("x"),
        client.logout(),
    );
}

async fn people(client: &Client) {
    let (user, request) = (UserId(Uuid::nil()), FriendRequestId(Uuid::nil()));
    let reason = ReportReason::Spam;
    let report = CreateReport { message_id: None, user_id: Some(user), reason, note: String::new() };
    let resolve = ResolveReport { outcome: ReportOutcome::Dismissed, resolution: String::new() };
    let bot = CreateBot { username: "x".to_owned(), display_name: None };
    let token = CreateBotToken { name: "x".to_owned(), scopes: Vec::new() };
    let sanction = CreateSanction { kind: SanctionKind::Warning, reason: "x".to_owned(), ends_at: None };
    call!(
        client.friends(),
        client.end_friendship(user),
        client.friend_requests(RequestDirection::Incoming),
        client.request_friendship(user),
        client.accept_friend_request(request),
        client.decline_friend_request(request),
        client.cancel_friend_request(request),
        client.blocks(),
        client.block(user),
        client.unblock(user),
        client.bots(),
        client.create_bot(&bot),
        client.bot(user),
        client.update_bot(user, &UpdateBot::default()),
        client.delete_bot(user),
        client.create_bot_token(user, &token),
        client.revoke_bot_token(user, SessionId(Uuid::nil())),
        client.report(&report),
        client.reports(ReportState::Open),
        client.resolve_report(Uuid::nil(), &resolve),
        client.sanctions(user),
        client.impose_sanction(user, &sanction),
        client.lift_sanction(Uuid::nil()),
        client.own_sanctions(),
        client.online_statuses(),
        client.my_status(),
    );
}

async fn administration(client: &Client) {
    let (user, room) = (UserId(Uuid::nil()), RoomId(Uuid::nil()));
    call!(
        client.audit_log(&AuditFilter::default()),
        client.accounts(&AccountFilter::default()),
        client.account(user),
        client.update_account(user, &UpdateUser::default()),
        client.delete_account(user),
        client.end_sessions_of(user),
        client.create_reset_link(user),
        client.all_rooms(None, RoomSort::Name),
        client.any_room(room),
        client.update_any_room(room, &UpdateAdminRoom::default()),
        client.close_any_room(room),
        client.jobs(),
        client.settings(),
        client.update_settings(&UpdateServerSettings::default()),
    );
}

async fn rooms(client: &Client) {
    let (room, user, message) = (RoomId(Uuid::nil()), UserId(Uuid::nil()), MessageId(Uuid::nil()));
    let new = CreateRoom {
        name: "x".to_owned(),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants: Vec::new(),
    };
    call!(
        client.rooms(),
        client.public_rooms(None),
        client.create_room(&new),
        client.direct_chat(user),
        client.room(room),
        client.update_room(room, &UpdateRoom::default()),
        client.close_room(room),
        client.room_messages(room, Place::Newest, None),
        client.room_changes(room, 0, None),
        client.join_room(room),
        client.leave_room(room),
        client.mark_all_read(room),
        client.clear_history(room),
        client.update_preferences(room, &UpdatePreferences::default()),
        client.set_room_avatar(room, "x"),
        client.remove_room_avatar(room),
        client.members(room),
        client.add_members(room, vec![user]),
        client.change_role(room, user, Role::Admin),
        client.remove_member(room, user),
        client.invites(room),
        client.create_invite(room, &CreateInvite::default()),
        client.withdraw_invite(room, "x"),
        client.invite_preview("x"),
        client.accept_invite("x"),
        client.server_invites(),
        client.create_server_invite(&CreateInvite::default()),
        client.withdraw_server_invite("x"),
        client.pins(room),
        client.pin(room, message),
        client.unpin(room, message),
        client.drafts(),
        client.draft(room),
        client.put_draft(room, &PutDraft::default()),
        client.delete_draft(room),
    );
}

async fn messages(client: &Client) {
    let (room, message) = (RoomId(Uuid::nil()), MessageId(Uuid::nil()));
    let new = SendMessage {
        room,
        content: "x".to_owned(),
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: None,
    };
    call!(
        client.search_messages(&MessageSearch::of("x")),
        client.messages(None, None),
        client.mentions(),
        client.replies(),
        client.send_message(&new),
        client.message(message),
        client.edit_message(message, "x"),
        client.delete_message(message),
        client.react(message, "👍"),
        client.unreact(message, "👍"),
        client.message_replies(message),
        client.message_reads(message),
        client.message_history(message),
        client.mark_read(vec![message]),
        client.upload("x", "x"),
        client.download("/media/00000000-0000-0000-0000-000000000000/x"),
    );
}

#[tokio::test]
async fn every_operation_has_a_method() {
    let (client, heard) = listen().await;
    accounts(&client).await;
    people(&client).await;
    administration(&client).await;
    rooms(&client).await;
    messages(&client).await;

    let operations = operations();
    let mut left: BTreeSet<&str> = operations.iter().map(|(_, _, id)| id.as_str()).collect();
    for (method, path) in heard.lock().iter() {
        let known = asked(&operations, method, path);
        let (_, _, id) = known.unwrap_or_else(|| panic!("{method} {path} is no operation"));
        left.remove(id.as_str());
    }
    assert_eq!(Vec::from_iter(left), LEFT_OUT);
}
