//! `GET /readyz`

use std::{sync::Arc, time::Duration};

use axum::body::{Body, to_bytes};
use charla_server::{App, Config, app::Parts, auth::Cost, router::router, serve};
use charla_services::{Options, Redis};
use charla_testing::{DatabaseKind, ManualClock, TestDb};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

async fn node(db: &TestDb, redis: Option<&Redis>) -> App {
    node_with_storage(db, redis, db.storage_url()).await
}

async fn node_with_storage(db: &TestDb, redis: Option<&Redis>, storage_url: String) -> App {
    let config = Config {
        database_url: db.url.clone(),
        storage_url,
        data_dir: db.data_dir(),
        redis: redis.map(|redis| redis.url().parse().unwrap()),
        ..Config::for_tests()
    };
    let parts = Parts {
        db: serve::open(&config).await.unwrap(),
        clock: Arc::new(ManualClock::default()),
        password_cost: Cost::CHEAP,
        connect: serve::channel_layer(&config),
    };
    App::start(config, parts).unwrap()
}

async fn readiness(app: &App) -> (StatusCode, Value) {
    let request = Request::get("/readyz").header("host", "localhost").body(Body::empty()).unwrap();
    let response = router(app.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), 1000).await.unwrap()).unwrap())
}

/// Asks as a probe does, again and again, until the word has come.
async fn comes_to_say(app: &App, status: &str) {
    let asking = async {
        loop {
            let (code, body) = readiness(app).await;
            assert_eq!(code, StatusCode::OK, "{body}");
            if body["status"] == status {
                let expected =
                    json!({ "status": status, "database": "ok", "channel_layer": status, "storage": "ok" });
                return assert_eq!(body, expected);
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("it says so in time");
}

#[tokio::test]
async fn a_single_node_is_its_own_channel_layer() {
    let db = TestDb::create(DatabaseKind::Sqlite).await;
    let app = node(&db, None).await;
    comes_to_say(&app, "ok").await;
}

#[tokio::test]
async fn a_node_without_its_redis_goes_on_and_says_so() {
    let mut redis = Redis::start(&Options::default()).unwrap();
    let db = TestDb::create(DatabaseKind::Sqlite).await;
    let app = node(&db, Some(&redis)).await;
    comes_to_say(&app, "ok").await;
    redis.kill().unwrap();
    comes_to_say(&app, "degraded").await;
    redis.restart().unwrap();
    comes_to_say(&app, "ok").await;
}

#[tokio::test]
async fn a_node_starts_without_its_redis() {
    let mut redis = Redis::start(&Options::default()).unwrap();
    redis.kill().unwrap();
    let db = TestDb::create(DatabaseKind::Sqlite).await;
    let app = node(&db, Some(&redis)).await;
    comes_to_say(&app, "degraded").await;
    redis.restart().unwrap();
    comes_to_say(&app, "ok").await;
}

/// Messages need no files: were every node taken out of rotation, nothing would go on at all.
#[tokio::test]
async fn a_node_without_its_storage_goes_on_and_says_so_in_time() {
    // Whoever connects there hears nothing.
    let hole = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let storage = format!("s3://key:secret@bucket?endpoint=http://{}", hole.local_addr().unwrap());
    let db = TestDb::create(DatabaseKind::Sqlite).await;
    let app = node_with_storage(&db, None, storage).await;
    let answer = tokio::time::timeout(Duration::from_secs(4), readiness(&app)).await;
    let (status, body) = answer.expect("sooner than a proxy gives up, and what a busy machine takes");
    let expected = json!({
        "status": "degraded", "database": "ok", "channel_layer": "ok", "storage": "unavailable",
    });
    assert_eq!((status, body), (StatusCode::OK, expected));
}
