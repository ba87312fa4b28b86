//! `POST /api/v1/auth/login/`.

use charla_protocol::{ErrorCode, auth::SignedIn};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use serde_json::json;

use super::support::{disable, login, me, post, refusal, register, set_cookies};

on_each_database! {
    async fn by_username_or_address_in_whatever_letters(server: TestServer) {
        let made = register(&server, "Maria").await;
        for name in ["Maria", "maria", " MARIA ", "maria@example.org", "MARIA@Example.ORG"] {
            let answer = login(&server, name, PASSWORD).await;
            assert_eq!(answer.status, 200, "{name}");
            assert_eq!(set_cookies(&answer).len(), 2);
            let signed_in: SignedIn = answer.json().unwrap();
            assert_eq!(signed_in.user, made.user);
            assert_eq!(me(&server, &signed_in.access).await.status, 200);
        }
    }

    async fn an_address_leads_to_its_owner_whatever_raced(server: TestServer) {
        for round in 0..5 {
            let address = format!("both{round}@example.org");
            let as_username = json!({"username": address, "email": format!("one{round}@example.org"), "password": PASSWORD});
            let as_email = json!({"username": format!("two{round}"), "email": address, "password": PASSWORD});
            let (one, two) = (server.anonymous(), server.anonymous());
            let (one, two) = tokio::join!(post(&one, "register", as_username), post(&two, "register", as_email));
            assert!([one.status, two.status].contains(&201));
            if server.db.kind == DatabaseKind::Sqlite {
                assert_ne!(one.status, two.status, "there one writes after the other");
            }
            let owner: SignedIn = if two.status == 201 { two } else { one }.json().unwrap();
            let reached: SignedIn = login(&server, &address, PASSWORD).await.json().unwrap();
            assert_eq!(reached.user, owner.user);
        }
    }

    async fn an_address_leads_to_its_owner_where_it_is_anothers_username(server: TestServer) {
        let maria = register(&server, "maria").await;
        let jose = register(&server, "jose").await;
        let tx = server.app.db.begin().await.unwrap();
        let mut row = charla_db::queries::users::lock(&tx, jose.user.user.id).await.unwrap().unwrap();
        "maria@example.org".clone_into(&mut row.username_key);
        charla_db::queries::users::update(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
        let reached: SignedIn = login(&server, "maria@example.org", PASSWORD).await.json().unwrap();
        assert_eq!(reached.user.user.id, maria.user.user.id);
        let reached: SignedIn = login(&server, "jose@example.org", PASSWORD).await.json().unwrap();
        assert_eq!(reached.user.user.id, jose.user.user.id);
    }

    async fn whatever_is_wrong_the_answer_is_the_same(server: TestServer) {
        register(&server, "maria").await;
        let disabled = register(&server, "disabled").await;
        disable(&server, &disabled).await;
        let long = "x".repeat(1000);
        for (name, password) in [
            ("maria", "wrong"), ("maria", ""), ("maria", &long), ("nobody", PASSWORD), ("", PASSWORD), (&long, PASSWORD),
            ("mar\u{0}ia", PASSWORD), ("maria%", PASSWORD), ("disabled", PASSWORD), ("disabled@example.org", PASSWORD),
        ] {
            let answer = login(&server, name, password).await;
            assert_eq!(refusal(&answer), (401, ErrorCode::InvalidCredentials), "{name:?}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            assert!(set_cookies(&answer).is_empty());
        }
    }

    async fn a_hash_of_another_cost_is_renewed(server: TestServer) {
        let made = register(&server, "maria").await;
        let hash = async || {
            let db = server.app.db.read();
            charla_db::queries::users::find(db, made.user.user.id).await.unwrap().unwrap().password_hash
        };
        let dearer = charla_server::auth::Passwords::new(
            charla_server::auth::Cost { passes: 2, ..charla_server::auth::Cost::CHEAP }, 1).unwrap();
        let tx = server.app.db.begin().await.unwrap();
        let mut user = charla_db::queries::users::lock(&tx, made.user.user.id).await.unwrap().unwrap();
        user.password_hash = dearer.hash(PASSWORD, charla_server::auth::Precedence::Known).await.unwrap();
        charla_db::queries::users::update(&tx, user).await.unwrap();
        tx.commit().await.unwrap();
        assert!(hash().await.contains("t=2"));
        assert_eq!(login(&server, "maria", PASSWORD).await.status, 200);
        assert!(hash().await.contains("t=1"));
        assert_eq!(login(&server, "maria", PASSWORD).await.status, 200);
    }
}
