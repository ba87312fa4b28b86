//! `/api/v1/auth/two_factor/`, and the second step of signing in.

use std::time::Duration;

use charla_client::{Client, Door, RawResponse};
use charla_db::tables::{audit_entries, authenticators, pending_sign_ins, recovery_codes};
use charla_protocol::{
    ErrorCode, Problem,
    auth::{SignedIn, Tokens},
    two_factor::{RecoveryCodes, TwoFactor, TwoFactorSetup},
};
use charla_server::{auth::totp, clock::SystemClock, config::Secret, jobs, ops::two_factor};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::support::{login, me, post, refusal, register, rejected_names, set_cookies};
use crate::{
    mail::support::{ask_for_reset, confirm, mailing},
    support::{make_staff, open, wait_for_close},
};

const WRONG: &str = "000000";
const REQUIRED: (u16, ErrorCode) = (401, ErrorCode::TwoFactorRequired);
const CONFLICT: (u16, ErrorCode) = (409, ErrorCode::Conflict);
const INVALID: (u16, ErrorCode) = (401, ErrorCode::InvalidToken);

/// Somebody with an authenticator, and the codes that they have written down.
struct Holder {
    client: Client,
    access: String,
    secret: Vec<u8>,
    codes: Vec<String>,
}

impl Holder {
    async fn set_up(server: &TestServer, username: &str) -> Self {
        let signed_in = register(server, username).await;
        let client = client(server, &signed_in);
        let setup: TwoFactorSetup = post(&client, "two_factor/setup", json!({})).await.json().unwrap();
        let secret = unbase32(&setup.secret);
        let answer = post(&client, "two_factor/enable", proof(&code(server, &secret))).await;
        let codes = answer.json::<RecoveryCodes>().unwrap().recovery_codes;
        // Its code is spent.
        server.clock.advance(Duration::from_secs(30));
        Self { client, access: signed_in.access, secret, codes }
    }

    fn code(&self, server: &TestServer) -> String {
        code(server, &self.secret)
    }

    async fn status(&self) -> TwoFactor {
        let path = "/api/v1/auth/two_factor/";
        self.client.request(Method::GET, path, None).await.unwrap().json().unwrap()
    }
}

fn client(server: &TestServer, signed_in: &SignedIn) -> Client {
    let client = server.anonymous();
    let SignedIn { access, refresh, .. } = signed_in.clone();
    client.set_tokens(Some(Tokens { access, refresh }));
    client
}

fn code(server: &TestServer, secret: &[u8]) -> String {
    totp::code(secret, totp::step(server.app.clock.now()))
}

fn proof(code: &str) -> Value {
    json!({"password": PASSWORD, "code": code})
}

/// RFC 4648, 6.
fn unbase32(text: &str) -> Vec<u8> {
    let digit = |sign: u8| if sign.is_ascii_digit() { sign - b'2' + 26 } else { sign - b'A' };
    let bits: Vec<u8> =
        text.bytes().flat_map(|sign| (0..5).rev().map(move |bit| digit(sign) >> bit & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

/// The token of a sign-in whose password is right.
async fn token(server: &TestServer, username: &str) -> String {
    let answer = login(server, username, PASSWORD).await;
    assert_eq!(refusal(&answer), REQUIRED);
    assert!(set_cookies(&answer).is_empty());
    answer.json::<Problem>().unwrap().two_factor_token.unwrap()
}

async fn go_on(server: &TestServer, token: &str, code: &str) -> RawResponse {
    post(&server.anonymous(), "login/two_factor", json!({"token": token, "code": code})).await
}

on_each_database! {
    async fn another_secret_key_ends_no_session_and_keeps_second_factors(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let before = server.app.config.secret_key.clone();
        let rotated = server
            .beside(move |config| {
                config.secret_key = Secret(b"the key of today".to_vec());
                config.previous_secret_key = Some(before.clone());
            })
            .await;
        assert_eq!(me(&rotated, &ana.access).await.status, 200);
        let client = rotated.anonymous();
        client.set_tokens(ana.client.tokens());
        client.refresh().await.unwrap();
        let renewed = client.tokens().unwrap();
        assert_eq!(two_factor::seal_anew(&rotated.app).await.unwrap(), 1);
        assert_eq!(two_factor::seal_anew(&rotated.app).await.unwrap(), 0);

        // The key before is forgotten.
        let after = server.beside(|config| config.secret_key = Secret(b"the key of today".to_vec())).await;
        assert_eq!(me(&after, &ana.access).await.status, 401);
        assert_eq!(me(&after, &renewed.access).await.status, 200);
        let token = token(&after, "ana").await;
        assert_eq!(go_on(&after, &token, &ana.code(&server)).await.status, 200);
    }

    async fn signing_in_takes_a_code_once_it_is_on(server: TestServer) {
        let signed_in = register(&server, "ana").await;
        let other: SignedIn = login(&server, "ana", PASSWORD).await.json().unwrap();
        let ana = client(&server, &signed_in);
        let mut socket = open(&client(&server, &other), Door::All).await;
        assert_eq!(refusal(&post(&ana, "two_factor/enable", proof(WRONG)).await), CONFLICT, "no secret waits");

        let first: TwoFactorSetup = post(&ana, "two_factor/setup", json!({})).await.json().unwrap();
        let setup: TwoFactorSetup = post(&ana, "two_factor/setup", json!({})).await.json().unwrap();
        assert!(setup.otpauth_uri.starts_with("otpauth://totp/127%2E0%2E0%2E1%3A"), "{}", setup.otpauth_uri);
        assert!(setup.otpauth_uri.contains(&format!(":ana?secret={}&issuer=", setup.secret)));
        assert_eq!(login(&server, "ana", PASSWORD).await.status, 200, "not before a code has come back");
        let [old, secret] = [first, setup].map(|setup| unbase32(&setup.secret));
        assert_eq!(secret.len(), 20);
        let enable = async |password: &str, code: String| {
            post(&ana, "two_factor/enable", json!({"password": password, "code": code})).await
        };
        assert_eq!(rejected_names(&enable("wrong", code(&server, &secret)).await), ["password"]);
        assert_eq!(rejected_names(&enable(PASSWORD, code(&server, &old)).await), ["code"], "the latest secret counts");
        let RecoveryCodes { recovery_codes } = enable(PASSWORD, code(&server, &secret)).await.json().unwrap();
        assert_eq!(recovery_codes.len(), 10);

        assert_eq!(wait_for_close(&mut socket).await, Some(4401), "it has come in without a code");
        assert!(me(&server, &signed_in.access).await.json::<Value>().unwrap()["two_factor"].as_bool().unwrap());
        assert_eq!(refusal(&post(&ana, "two_factor/setup", json!({})).await), CONFLICT);
        assert_eq!(refusal(&enable(PASSWORD, code(&server, &secret)).await), CONFLICT);
        assert_eq!(login(&server, "ana", "wrong").await.json::<Problem>().unwrap().two_factor_token, None);
        for name in ["ana", "ana@example.org"] {
            let token = token(&server, name).await;
            server.clock.advance(Duration::from_secs(30));
            let answer = go_on(&server, &token, &code(&server, &secret)).await;
            assert_eq!((answer.status, set_cookies(&answer).len()), (200, 2));
            let begun: SignedIn = answer.json().unwrap();
            assert_eq!(me(&server, &begun.access).await.status, 200);
            server.clock.advance(Duration::from_secs(30));
            let again = go_on(&server, &token, &code(&server, &secret)).await;
            assert_eq!(refusal(&again), INVALID, "one sign-in, one session");
        }
    }

    async fn a_code_is_good_once_whoever_shows_it(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let code = ana.code(&server);
        let tokens = join_all((0..4).map(|_| token(&server, "ana"))).await;
        let answers = join_all(tokens.iter().map(|token| go_on(&server, token, &code))).await;
        let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((good.len(), bad.len()), (1, 3));
        assert!(bad.iter().all(|answer| rejected_names(answer) == ["code"]));

        let spelled = ana.codes[0].to_uppercase().replace('-', " ");
        let answers = join_all(tokens.iter().map(|token| go_on(&server, token, &spelled))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(ana.status().await.recovery_codes_left, 9);

        let one = token(&server, "ana").await;
        let codes = [&ana.codes[1], &ana.codes[2]];
        let answers = join_all(codes.map(|code| go_on(&server, &one, code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "one sign-in, one session");
        assert_eq!(ana.status().await.recovery_codes_left, 8, "the other code is good still");
    }

    async fn what_is_wrong_leads_nowhere(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let bob = Holder::set_up(&server, "bob").await;
        let token = token(&server, "ana").await;
        let long = "9".repeat(10_000);
        for wrong in ["", WRONG, "abc", &long, &bob.code(&server), &bob.codes[0], "aaaa-aaaa-aaaa-aaaa", "\u{0}12345"] {
            assert_eq!(rejected_names(&go_on(&server, &token, wrong).await), ["code"], "{wrong:?}");
        }
        for wrong in ["", "x", &long] {
            assert_eq!(refusal(&go_on(&server, wrong, &ana.code(&server)).await), INVALID);
        }
        server.clock.advance(Duration::from_secs(5 * 60));
        assert_eq!(refusal(&go_on(&server, &token, &ana.code(&server)).await), INVALID, "it has waited too long");
        jobs::delete_dead(&server.app).await.unwrap();
        assert_eq!(pending_sign_ins::Entity::find().count(server.app.db.read()).await.unwrap(), 0);
        assert_eq!(bob.status().await.recovery_codes_left, 10);
    }

    async fn another_password_ends_what_waits_and_leaves_the_factor_on(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let ana = Holder::set_up(&node, "ana").await;
        let waiting = token(&node, "ana").await;
        let body = json!({"old_password": PASSWORD, "new_password": "another horse staple"});
        assert_eq!(post(&ana.client, "password/change", body).await.status, 204);
        assert_eq!(refusal(&go_on(&node, &waiting, &ana.code(&node)).await), INVALID);
        assert_eq!(refusal(&login(&node, "ana", "another horse staple").await), REQUIRED);

        assert_eq!(ask_for_reset(&node, "ana@example.org").await.status, 202);
        let link = inbox.to("ana@example.org").into_iter().rfind(|mail| mail.subject == "Choose a new password");
        assert_eq!(confirm(&node, &link.unwrap().token("reset"), PASSWORD).await.status, 204);
        let waiting = token(&node, "ana").await;
        assert_eq!(go_on(&node, &waiting, &ana.code(&node)).await.status, 200);
        let on = inbox.to("ana@example.org").into_iter().find(|mail| mail.subject == "Two-step sign-in is on");
        assert!(on.unwrap().text.contains("takes a code beside the password"));
    }

    async fn it_is_turned_off_by_password_and_code(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let disable = async |password: &str, code: &str| {
            post(&ana.client, "two_factor/disable", json!({"password": password, "code": code})).await
        };
        assert_eq!(rejected_names(&disable("wrong", &ana.code(&server)).await), ["password"]);
        assert_eq!(rejected_names(&disable(PASSWORD, WRONG).await), ["code"]);
        assert_eq!(refusal(&login(&server, "ana", PASSWORD).await), REQUIRED);
        let waiting = token(&server, "ana").await;
        assert_eq!(disable(PASSWORD, &ana.code(&server)).await.status, 204);
        assert_eq!(login(&server, "ana", PASSWORD).await.status, 200);
        assert_eq!(refusal(&go_on(&server, &waiting, &ana.codes[0]).await), INVALID);
        assert_eq!(ana.status().await, TwoFactor { enabled_at: None, recovery_codes_left: 0, is_required: false });
        for path in ["two_factor/disable", "two_factor/recovery_codes"] {
            assert_eq!(refusal(&post(&ana.client, path, proof(WRONG)).await), CONFLICT);
        }
        assert_eq!(me(&server, &ana.access).await.status, 200, "sessions stay");
    }

    async fn new_recovery_codes_take_the_place_of_the_old(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        assert_eq!(rejected_names(&post(&ana.client, "two_factor/recovery_codes", proof(WRONG)).await), ["code"]);
        let renewed = post(&ana.client, "two_factor/recovery_codes", proof(&ana.codes[0])).await;
        let renewed: RecoveryCodes = renewed.json().unwrap();
        assert_eq!(ana.status().await.recovery_codes_left, 10);
        let token = token(&server, "ana").await;
        assert_eq!(rejected_names(&go_on(&server, &token, &ana.codes[1]).await), ["code"]);
        assert_eq!(go_on(&server, &token, &renewed.recovery_codes[0]).await.status, 200);
    }

    async fn nothing_of_it_is_left_of_a_deleted_account_nor_readable_in_the_database(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        token(&server, "ana").await;
        let db = server.app.db.read();
        let row = authenticators::Entity::find().one(db).await.unwrap().unwrap();
        assert!(!row.secret.contains(&totp::base32(&ana.secret)));
        let hashes = recovery_codes::Entity::find().all(db).await.unwrap();
        assert!(hashes.iter().all(|row| !ana.codes.contains(&row.hash)));
        let body = json!({"password": PASSWORD});
        let gone = ana.client.request(Method::DELETE, "/api/v1/users/me/", Some(&body)).await.unwrap();
        assert_eq!(gone.status, 204);
        assert_eq!(authenticators::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(recovery_codes::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(pending_sign_ins::Entity::find().count(db).await.unwrap(), 0);
    }

    async fn the_command_line_takes_it_off_who_has_lost_it(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let app = &server.app;
        let reset = |name: &'static str| two_factor::reset(&app.db, &SystemClock, app.post.rules, name);
        assert_eq!(reset("nobody").await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(reset("ANA@example.org").await.unwrap(), 1);
        assert_eq!(refusal(&me(&server, &ana.access).await), (401, ErrorCode::SessionEnded));
        assert_eq!(login(&server, "ana", PASSWORD).await.status, 200);
        assert_eq!(reset("ana").await.unwrap_err().code, ErrorCode::Conflict);
        let is_reset = audit_entries::Column::Action.eq("two_factor_reset");
        assert_eq!(audit_entries::Entity::find().filter(is_reset).count(app.db.read()).await.unwrap(), 1);
    }

    async fn no_more_than_twenty_sign_ins_wait_for_an_account(server: TestServer) {
        let ana = Holder::set_up(&server, "ana").await;
        let oldest = token(&server, "ana").await;
        for _ in 0..20 {
            server.clock.advance(Duration::from_millis(1));
            token(&server, "ana").await;
        }
        assert_eq!(pending_sign_ins::Entity::find().count(server.app.db.read()).await.unwrap(), 20);
        assert_eq!(refusal(&go_on(&server, &oldest, &ana.code(&server)).await), INVALID);
    }
}

#[tokio::test]
async fn where_staff_need_it_they_can_do_nothing_else_before() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let strict = server.beside(|config| config.require_staff_two_factor = true).await;
    let (staff, account) = strict.person("staff").await;
    let (ana, _) = strict.person("ana").await;
    make_staff(&strict, &account).await;
    let needed = (403, ErrorCode::TwoFactorSetupRequired);
    let get = async |client: &Client, path: &str| client.request(Method::GET, path, None).await.unwrap();
    assert_eq!(refusal(&get(&staff, "/api/v1/chat/rooms/").await), needed);
    assert_eq!(staff.socket(Door::All).await.unwrap_err().code(), Some(ErrorCode::TwoFactorSetupRequired));
    assert_eq!(get(&ana, "/api/v1/chat/rooms/").await.status, 200);
    let status: TwoFactor = get(&staff, "/api/v1/auth/two_factor/").await.json().unwrap();
    assert!(status.is_required && status.enabled_at.is_none());

    let setup: TwoFactorSetup = post(&staff, "two_factor/setup", json!({})).await.json().unwrap();
    let secret = unbase32(&setup.secret);
    assert_eq!(post(&staff, "two_factor/enable", proof(&code(&strict, &secret))).await.status, 200);
    assert_eq!(get(&staff, "/api/v1/chat/rooms/").await.status, 200);
    strict.clock.advance(Duration::from_secs(30));
    assert_eq!(refusal(&post(&staff, "two_factor/disable", proof(&code(&strict, &secret))).await), needed);
}

#[tokio::test]
async fn ten_wrong_codes_hold_up_the_account_and_nobody_else() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let limited = server.beside(|config| config.rate_limits = true).await;
    let (ana, bob) = (Holder::set_up(&server, "ana").await, Holder::set_up(&server, "bob").await);
    let [anas, bobs] = [token(&limited, "ana").await, token(&limited, "bob").await];
    for _ in 0..10 {
        assert_eq!(rejected_names(&go_on(&limited, &anas, WRONG).await), ["code"]);
    }
    let refused = go_on(&limited, &anas, &ana.code(&limited)).await;
    assert_eq!(refusal(&refused), (429, ErrorCode::TooManyRequests));
    assert_eq!(refused.header("retry-after"), Some("1800"));
    assert_eq!(go_on(&limited, &bobs, &bob.code(&limited)).await.status, 200);
}
