//! `/api/v1/bots/`

mod scopes;

use charla_client::{AuditFilter, Client, Door, Place};
use charla_protocol::{
    ErrorCode, UserId,
    actions::Action,
    audit::AuditAction,
    bots::{Bot, CreateBot, CreateBotToken, NewBotToken, Scope, UpdateBot},
    events::Event,
    rooms::Visibility,
    sanctions::{CreateSanction, SanctionKind},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use serde_json::json;
use uuid::Uuid;

use crate::support::{act, open, refusal, rejected, say, send_action, staff, text, wait_for, wait_for_close};

const MISSING: (u16, ErrorCode) = (404, ErrorCode::NotFound);
const MISSING_SCOPE: (u16, ErrorCode) = (403, ErrorCode::MissingScope);
const ENDED: (u16, ErrorCode) = (401, ErrorCode::SessionEnded);

fn named(username: &str) -> CreateBot {
    CreateBot { username: username.to_owned(), display_name: None }
}

async fn token(owner: &Client, bot: UserId, scopes: &[Scope]) -> NewBotToken {
    let body = CreateBotToken { name: "test".to_owned(), scopes: scopes.to_vec() };
    owner.create_bot_token(bot, &body).await.expect("the token is made")
}

/// A bot of that owner's, and a client that speaks for it.
async fn bot(server: &TestServer, owner: &Client, username: &str, scopes: &[Scope]) -> (Client, Bot) {
    let bot = owner.create_bot(&named(username)).await.expect("the bot is made");
    let client = server.anonymous();
    client.use_bot_token(&token(owner, bot.user.id, scopes).await.token);
    (client, bot)
}

on_each_database! {
    async fn a_bot_writes_by_both_doors_until_its_token_is_taken_back(server: TestServer) {
        let beside = server.node().await;
        let (ana, ana_user) = server.person("ana").await;
        let made = ana.create_bot(&CreateBot { display_name: Some("Helper".to_owned()), ..named("helper") }).await.unwrap();
        assert_eq!((made.user.is_bot, made.user.display_name.as_str(), made.owner.id), (true, "Helper", ana_user.user.id));
        let id = made.user.id;
        let [one, other] = [token(&ana, id, &Scope::ALL).await, token(&ana, id, &[Scope::MessagesRead]).await];
        assert_eq!(ana.bot(id).await.unwrap().tokens, [other.made.clone(), one.made.clone()]);
        assert_eq!(ana.bots().await.unwrap().results, [ana.bot(id).await.unwrap()]);

        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        ana.add_members(room, vec![id]).await.unwrap();
        assert!(!ana.user(id).await.unwrap().is_online, "nobody has connected");
        let (helper, away) = (server.anonymous(), beside.anonymous());
        helper.use_bot_token(&one.token);
        away.use_bot_token(&one.token);
        let mut reader = open(&ana, Door::Room(room)).await;
        let sent = say(&helper, room, "Beep").await;
        assert!(sent.sender.is_bot);
        // The note of who came in may still be on its way.
        let heard = wait_for(&mut reader, |event| match event {
            Event::Message(message) if message.id == sent.id => Some(message),
            _ => None,
        })
        .await;
        assert!(heard.sender.is_bot);
        let page = ana.room_messages(room, Place::Newest, None).await.unwrap().results;
        assert!(page.last().unwrap().sender.is_bot && !page[0].sender.is_bot);

        let mut sockets = [open(&helper, Door::All).await, open(&away, Door::Room(room)).await];
        act(&mut sockets[1], None, Some("c1"), send_action("Boop")).await;
        let acked = wait_for(&mut sockets[1], |event| match event {
            Event::Ack(ack) => Some(ack),
            _ => None,
        })
        .await;
        assert_eq!(acked.client_id, "c1");

        // One that may only read does no more over a socket.
        let silent = server.anonymous();
        silent.use_bot_token(&other.token);
        let mut socket = open(&silent, Door::Room(room)).await;
        act(&mut socket, None, Some("c2"), send_action("Psst")).await;
        let told = wait_for(&mut socket, |event| match event {
            Event::Error(error) => Some(error),
            _ => None,
        })
        .await;
        assert_eq!((told.code, told.client_id.as_deref()), (ErrorCode::MissingScope, Some("c2")));
        act(&mut socket, None, Some("c3"), Action::MarkRead { message_ids: vec![sent.id] }).await;
        wait_for(&mut socket, |event| matches!(event, Event::Ack(_)).then_some(())).await;
        assert!(silent.socket(Door::All).await.is_err(), "all rooms take rooms:read as well");

        ana.revoke_bot_token(id, one.made.id).await.unwrap();
        for socket in &mut sockets {
            assert!(wait_for_close(socket).await.is_some());
        }
        assert_eq!(refusal(helper.send_message(&text(room, "again")).await), ENDED);
        assert_eq!(refusal(ana.revoke_bot_token(id, one.made.id).await), MISSING);
        assert_eq!(ana.bot(id).await.unwrap().tokens, [other.made]);
        silent.room_messages(room, Place::Newest, None).await.unwrap();
    }

    async fn only_the_whole_token_opens_anything(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (helper, made) = bot(&server, &ana, "helper", &Scope::ALL).await;
        let whole = token(&ana, made.user.id, &Scope::ALL).await.token;
        assert_eq!(helper.me().await.unwrap().user.id, made.user.id);
        let (id, _) = whole.split_once('.').unwrap();
        let unknown = format!("charla_bot_{}.x", "A".repeat(22));
        let wrong = [format!("{whole}x"), id.to_owned(), format!("{id}."), "charla_bot_".to_owned(), unknown];
        for wrong in wrong {
            helper.use_bot_token(&wrong);
            assert_eq!(refusal(helper.me().await), (401, ErrorCode::InvalidToken), "{wrong}");
        }
        // There is no password that signs it in, and no mail that could bring one.
        for password in ["", PASSWORD] {
            let refused = refusal(server.anonymous().login("helper", password).await);
            assert!(refused.0 < 500 && refused.0 >= 400, "{refused:?}");
        }
        let kept = format!("{:?}", charla_db::queries::bots::tokens(server.app.db.read(), &[made.user.id], server.app.clock.now()).await.unwrap());
        assert!(!kept.contains(&whole));
    }

    async fn a_bot_is_its_owners(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (helper, made) = bot(&server, &ana, "helper", &Scope::ALL).await;
        let id = made.user.id;
        let changes = UpdateBot { display_name: Some("Help".to_owned()), bio: Some("Beep".to_owned()) };
        assert_eq!(refusal(bob.bot(id).await), MISSING);
        assert_eq!(refusal(bob.update_bot(id, &changes).await), MISSING);
        assert_eq!(refusal(bob.delete_bot(id).await), MISSING);
        assert_eq!(refusal(ana.bot(bob_user.user.id).await), MISSING, "a person is no bot");
        let body = CreateBotToken { name: "x".to_owned(), scopes: Scope::ALL.to_vec() };
        assert_eq!(refusal(bob.create_bot_token(id, &body).await), MISSING);
        assert_eq!(refusal(root.create_bot_token(id, &body).await), MISSING, "nobody speaks for the bots of others");
        assert_eq!(refusal(helper.bots().await), MISSING_SCOPE);
        assert_eq!(rejected(ana.create_bot(&named("BOB")).await), ["username"]);
        assert_eq!(rejected(ana.create_bot_token(id, &CreateBotToken { name: " ".to_owned(), scopes: Vec::new() }).await), ["name", "scopes"]);

        let after = ana.update_bot(id, &changes).await.unwrap();
        assert_eq!((after.user.display_name.as_str(), after.bio.as_str()), ("Help", "Beep"));
        let empty = UpdateBot { display_name: Some(String::new()), bio: None };
        let after = root.update_bot(id, &empty).await.unwrap();
        assert_eq!((after.user.display_name.as_str(), after.bio.as_str()), ("helper", "Beep"));
        let first = after.tokens[0].id;
        root.revoke_bot_token(id, first).await.unwrap();
        assert_eq!(refusal(helper.me().await), ENDED);
        root.delete_bot(id).await.unwrap();
        assert_eq!(refusal(ana.bot(id).await), MISSING);
        let filter = AuditFilter { target: Some(id.0), ..AuditFilter::default() };
        let log = root.audit_log(&filter).await.unwrap().results;
        let actions: Vec<AuditAction> = log.iter().map(|entry| entry.action).collect();
        assert_eq!(actions, [AuditAction::BotDeleted, AuditAction::BotTokenRevoked, AuditAction::BotChanged]);
        assert_eq!(log[1].details, json!({"owner_id": made.owner.id, "token_id": first}));

        for number in 0..20 {
            ana.create_bot(&named(&format!("many{number}"))).await.unwrap();
        }
        assert_eq!(rejected(ana.create_bot(&named("one_more")).await), ["username"]);
        assert_eq!(ana.bots().await.unwrap().results.len(), 20);
    }

    async fn bots_come_where_they_are_brought(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, _) = server.person("bob").await;
        let (helper, made) = bot(&server, &ana, "helper", &Scope::ALL).await;
        let id = made.user.id;
        let private = server.group(&bob, Visibility::Private, &[&ana_user]).await.id;
        let public = server.group(&bob, Visibility::Public, &[]).await.id;
        assert_eq!(rejected(bob.add_members(private, vec![id]).await), ["user_ids"]);
        bob.add_members(public, vec![id]).await.unwrap();
        say(&helper, public, "Beep").await;
        // It comes into no room by itself, and has no friends.
        assert_eq!(refusal(helper.join_room(public).await), MISSING_SCOPE);
        assert_eq!(rejected(bob.request_friendship(id).await), ["user_id"]);
        assert_eq!(refusal(helper.request_friendship(ana_user.user.id).await), MISSING_SCOPE);
        assert_eq!(refusal(bob.add_members(public, vec![UserId(Uuid::nil())]).await).0, 400);
    }

    async fn bots_go_with_their_owner(server: TestServer) {
        let root = staff(&server).await;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (helper, made) = bot(&server, &ana, "helper", &Scope::ALL).await;
        let (spammer, _) = bot(&server, &bob, "spammer", &Scope::ALL).await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        ana.add_members(room, vec![made.user.id]).await.unwrap();
        let sent = say(&helper, room, "Beep").await;
        let mut socket = open(&helper, Door::Room(room)).await;
        ana.delete_me(PASSWORD).await.unwrap();
        assert!(wait_for_close(&mut socket).await.is_some());
        assert_eq!(refusal(helper.me().await), ENDED);
        assert_eq!(refusal(root.bot(made.user.id).await), MISSING);
        let left = bob.message(sent.id).await.unwrap();
        assert!(left.sender.is_bot && left.sender.username != "helper");

        let ban = CreateSanction { kind: SanctionKind::Ban, reason: "Spam".to_owned(), ends_at: None };
        root.impose_sanction(bob_user.user.id, &ban).await.unwrap();
        assert_eq!(refusal(spammer.me().await), ENDED);
    }
}
