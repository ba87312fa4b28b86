//! Upgrades from every migration on, with data in it.

use charla_db::{Db, queries, tables};
use charla_testing::{DatabaseKind, TestDb};

/// Takes the database from each migration to the last one; what was in it is still there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_survives_every_migration() {
    for kind in DatabaseKind::ALL {
        let test_db = TestDb::create(kind).await;
        let db = test_db.connect().await;
        let all = db.pending_migrations().await.unwrap();
        assert!(all >= 3);
        db.migrate_steps(Some(1)).await.unwrap();
        let user = person();
        let tx = db.begin().await.unwrap();
        queries::users::insert(&tx, user.clone()).await.unwrap();
        tx.commit().await.unwrap();
        for left in (0..all - 1).rev() {
            db.migrate_steps(Some(1)).await.unwrap();
            assert_eq!(db.pending_migrations().await.unwrap(), left, "{kind:?}");
            assert_eq!(queries::users::find(db.read(), user.user_id()).await.unwrap().as_ref(), Some(&user));
        }
        db.migrate().await.unwrap();
        db.close().await.unwrap();
    }
}

/// Two nodes that start at once: one migrates, the other waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    for kind in [DatabaseKind::Postgres, DatabaseKind::MariaDb] {
        let test_db = TestDb::create(kind).await;
        let nodes: [Db; 3] = [test_db.connect().await, test_db.connect().await, test_db.connect().await];
        let done = tokio::join!(nodes[0].migrate(), nodes[1].migrate(), nodes[2].migrate());
        done.0.unwrap();
        done.1.unwrap();
        done.2.unwrap();
        assert_eq!(nodes[0].pending_migrations().await.unwrap(), 0);
    }
}

fn person() -> tables::users::Model {
    tables::users::Model {
        id: uuid::Uuid::from_u128(0x0192_f0c1_7c1e_7b5e_9d3c_2f1a_5b6c_7d8e),
        username: "josé".to_owned(),
        username_key: "josé".to_owned(),
        email: Some("Jose@example.org".to_owned()),
        email_key: Some("jose@example.org".to_owned()),
        email_verified_at: None,
        password_hash: "$argon2id$…".to_owned(),
        display_name: "José 🎉".to_owned(),
        display_name_key: "jose".to_owned(),
        bio: "日本語".to_owned(),
        phone_number: Some("+34600123456".to_owned()),
        avatar_id: None,
        language: Some("es".to_owned()),
        direct_messages: "everyone".to_owned(),
        show_last_seen: true,
        send_read_receipts: false,
        is_active: true,
        is_staff: false,
        is_superuser: false,
        date_joined: 1_700_000_000_123,
        last_seen: Some(1_700_000_000_456),
        deleted_at: None,
    }
}
