//! Writing the index anew, and indexing what was there before there was an index. Rooms of more than one segment.

use charla_db::{
    clock::Clock,
    search,
    tables::{messages, rooms},
};
use charla_protocol::rooms::Visibility;
use charla_testing::{TestServer, on_each_database, search_index};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::support::{index_all, texts};
use crate::support::say;

/// More than two segments hold.
const MANY: i64 = 2_500;

/// Puts messages into a room past the lanes, as an older version has left them.
async fn fill(server: &TestServer, room: Uuid, sender: Uuid) {
    let rows: Vec<_> =
        (1..=MANY).map(|seq| row(&*server.clock, room, sender, seq).into_active_model()).collect();
    let tx = server.app.db.begin().await.unwrap();
    for rows in rows.chunks(500) {
        messages::Entity::insert_many(rows.to_vec()).exec_without_returning(&tx).await.unwrap();
    }
    rooms::Entity::update_many()
        .col_expr(rooms::Column::Revision, Expr::value(MANY))
        .col_expr(rooms::Column::LastSeq, Expr::value(MANY))
        .filter(rooms::Column::Id.eq(room))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn row(clock: &dyn Clock, room: Uuid, sender: Uuid, seq: i64) -> messages::Model {
    let rare = if seq % 1000 == 7 { "rare " } else { "" };
    let content = format!("{rare}common number{seq}");
    messages::Model {
        id: clock.id(),
        room_id: room,
        seq,
        revision: seq,
        sender_id: sender,
        message_type: "text".to_owned(),
        content_html: format!("<p>{content}</p>"),
        content,
        system: None,
        reply_to_id: None,
        client_id: None,
        created_at: clock.now().millis(),
        edited_at: None,
        deleted_at: None,
    }
}

on_each_database! {
    async fn what_was_said_before_there_was_an_index_is_found(server: TestServer) {
        let (ana, user) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        fill(&server, room.0, user.user.id.0).await;
        for _ in 0..2 {
            assert_eq!(
                texts(&ana, "rare").await,
                ["rare common number2007", "rare common number1007", "rare common number7"]
            );
            assert_eq!(texts(&ana, "common").await.len(), 50);
            assert_eq!(texts(&ana, "common number12").await.len(), 50);
            assert_eq!(texts(&ana, "\"common number1\"").await, ["common number1"]);
            assert_eq!(texts(&ana, "\"rare number7\"").await, Vec::<String>::new());
            index_all(&server).await;
        }
        let later = say(&ana, room, "rare indeed").await;
        index_all(&server).await;
        assert_eq!(texts(&ana, "rare ind").await, ["rare indeed"]);
        assert_eq!(later.seq, MANY + 1);
    }

    /// Both ways lead to the same index, and the second time changes nothing.
    async fn reindexing_gives_what_indexing_has_given(server: TestServer) {
        let (ana, user) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let other = server.group(&ana, Visibility::Private, &[]).await.id;
        fill(&server, room.0, user.user.id.0).await;
        say(&ana, other, "hello there").await;
        let gone = say(&ana, other, "gone").await;
        index_all(&server).await;
        ana.delete_message(gone.id).await.unwrap();
        index_all(&server).await;
        let indexed = search_index(&server.app.db).await;
        assert!(indexed.len() > 2_500, "{}", indexed.len());
        let mut told = Vec::new();
        for _ in 0..2 {
            told.clear();
            search::reindex(&server.app.db, &*server.app.clock, |at| told.push((at.done, at.segments))).await.unwrap();
            assert!(search_index(&server.app.db).await == indexed);
        }
        assert_eq!(told, [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
        assert!(search::behind(server.app.db.read()).await.unwrap().is_empty());
    }
}
