//! What a deleted account leaves behind: nothing in the database says who it was, but what others have written.

use std::collections::BTreeSet;

use charla_db::Connection;
use charla_protocol::{drafts::PutDraft, rooms::Visibility};
use charla_server::jobs;
use charla_testing::{PASSWORD, TestServer, on_each_database};
use image::ImageFormat;
use reqwest::Method;
use sea_orm::{
    DbBackend, ExprTrait, Statement,
    sea_query::{Alias, Asterisk, Expr, Query},
};
use serde_json::json;

use crate::{support::say, uploads::support::picture};

/// In each of the names by which somebody is known.
const NAME: &str = "qzaida";

/// The columns that hold texts, with their tables; on SQLite all columns, which may.
async fn columns(server: &TestServer) -> Vec<(String, String)> {
    let db = server.app.db.read();
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS t, p.name AS c FROM pragma_table_list m JOIN pragma_table_info(m.name) p \
             WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        DbBackend::Postgres => {
            "SELECT CAST(table_name AS text) AS t, CAST(column_name AS text) AS c FROM information_schema.columns \
             WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')"
        }
        _ => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns \
             WHERE table_schema = database() AND data_type IN ('char', 'varchar', 'text', 'mediumtext', 'longtext')"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap())).collect()
}

/// Where the name stands, as `table.column`.
async fn traces(server: &TestServer) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, column) in columns(server).await {
        let mut query = Query::select();
        query
            .expr_as(Expr::col(Asterisk).count(), "n")
            .from(Alias::new(&table))
            .and_where(Expr::col(Alias::new(&column)).like(format!("%{NAME}%")));
        let row = server.app.db.read().query_one(&query).await.unwrap().unwrap();
        if row.try_get::<i64>("", "n").unwrap() > 0 {
            found.insert(format!("{table}.{column}"));
        }
    }
    found
}

on_each_database! {
    async fn no_table_has_the_name_any_more(server: TestServer) {
        let (ana, me) = server.person(&format!("x{NAME}")).await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, eve_user) = server.person("eve").await;
        let about = json!({"display_name": format!("X{NAME}"), "bio": NAME, "phone_number": "+34600123456"});
        ana.request(Method::PATCH, "/api/v1/users/me/", Some(&about)).await.unwrap();
        let body = json!({"username": format!("x{NAME}"), "password": PASSWORD});
        let login = server.anonymous().request_builder(Method::POST, "/api/v1/auth/login/").unwrap();
        let answer = login.header("user-agent", NAME).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let group = server.group(&bob, Visibility::Private, &[]).await.id;
        bob.add_members(group, vec![me.user.id, eve_user.user.id]).await.unwrap();
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        for room in [group, direct] {
            let said = say(&ana, room, "hello").await;
            ana.react(said.id, "👍").await.unwrap();
            ana.put_draft(room, &PutDraft { content: NAME.to_owned(), reply_to_id: None }).await.unwrap();
            ana.clear_history(room).await.unwrap();
        }
        ana.request_friendship(bob_user.user.id).await.unwrap();
        ana.block(eve_user.user.id).await.unwrap();
        ana.set_avatar(picture(ImageFormat::Png, 8, 8)).await.unwrap();
        let before = traces(&server).await;
        for place in ["users.username", "users.email", "sessions.user_agent", "drafts.content", "rooms.slug"] {
            assert!(before.contains(place), "{place} is not in {before:?}");
        }
        ana.delete_me(PASSWORD).await.unwrap();
        assert_eq!(traces(&server).await, BTreeSet::new());

        // What others have written stays as they wrote it.
        let (ana, me) = server.person(&format!("x{NAME}")).await;
        bob.add_members(group, vec![me.user.id]).await.unwrap();
        let mention = say(&bob, group, &format!("@x{NAME} is here")).await;
        assert_eq!(mention.mentions, [me.user.id]);
        ana.delete_me(PASSWORD).await.unwrap();
        let others: BTreeSet<String> = ["messages.content", "messages.content_html", "search_words.word"].map(String::from).into();
        assert!(traces(&server).await.is_subset(&others), "{:?}", traces(&server).await);
        assert_eq!(bob.message(mention.id).await.unwrap().content, mention.content);
    }

    /// Accounts were deleted before their direct rooms were renamed with them.
    async fn old_names_of_direct_rooms_go(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let of_ana = bob.direct_chat(me.user.id).await.unwrap().value.id;
        let of_eve = eve.direct_chat(bob_user.user.id).await.unwrap().value;
        ana.delete_me(PASSWORD).await.unwrap();
        let renamed = bob.room(of_ana).await.unwrap().slug;
        let tx = server.app.db.begin().await.unwrap();
        let mut update = Query::update();
        update.table(Alias::new("rooms")).value(Alias::new("slug"), "ana--bob").and_where(Expr::col(Alias::new("id")).eq(of_ana.0));
        tx.execute(&update).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bob.room(of_ana).await.unwrap().slug, "ana--bob");
        jobs::rename_rooms(&server.app).await.unwrap();
        assert_eq!(bob.room(of_ana).await.unwrap().slug, renamed);
        assert_eq!(bob.room(of_eve.id).await.unwrap().slug, of_eve.slug);
    }
}
