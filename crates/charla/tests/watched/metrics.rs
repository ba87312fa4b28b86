//! `/metrics`, and the dashboard and the alerts that are made for it.

use std::{collections::BTreeSet, process::Stdio, time::Duration};

use charla_client::{Client, Door, Incoming, Method, Socket};
use charla_protocol::{
    events::Event,
    messages::{MessageType, SendMessage},
    rooms::{History, Visibility},
};
use charla_services::{Options, Redis};
use charla_testing::{DatabaseKind, TestDb, make_group, sign_up};
use serde_json::Value;
use tokio::{io::AsyncWriteExt, process::Command, time::Instant};

use super::prometheus::{Prometheus, TOOL};
use crate::home::{Home, Serving};

const DASHBOARD: &str = include_str!("../../../../deploy/grafana/charla.json");

/// How long what was done may take until it is counted.
const PATIENCE: Duration = Duration::from_secs(30);
const NOTE: &str = "a note of five words";

/// Two people in a group; a file is sent, and heard by both doors. The sockets stay open.
async fn use_it(server: &Serving) -> [Socket; 2] {
    let (ana, ben) = (server.client(), server.client());
    sign_up(&ana, "ana").await;
    let ben_is = sign_up(&ben, "ben").await;
    let room = make_group(&ana, Visibility::Private, History::All, &[&ben_is]).await;
    let mut sockets = [ben.socket(Door::All).await.unwrap(), ben.socket(Door::Room(room.id)).await.unwrap()];
    for socket in &mut sockets {
        socket.hello().await.unwrap();
    }
    let file = ana.upload("note.txt", NOTE).await.unwrap();
    let message = SendMessage {
        room: room.id,
        content: "Hello".to_owned(),
        message_type: MessageType::default(),
        reply_to_id: None,
        attachment_ids: vec![file.id],
        client_id: Some("once".to_owned()),
    };
    assert!(ana.send_message(&message).await.unwrap().is_new);
    assert!(!ana.send_message(&message).await.unwrap().is_new);
    for socket in &mut sockets {
        while !matches!(socket.next().await.unwrap(), Incoming::Frame(frame) if matches!(frame.event, Event::Message(_)))
        {
        }
        socket.send_text(r#"{"action": "typing", "is_typing": true}"#).await.unwrap();
    }
    sockets
}

async fn scrape(metrics: &Client) -> String {
    let answer = metrics.request(Method::GET, "/metrics", None).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Scrapes until all of the lines are there.
async fn scrape_until(metrics: &Client, lines: &[&str]) -> String {
    let begin = Instant::now();
    loop {
        let text = scrape(metrics).await;
        let missing: Vec<_> =
            lines.iter().filter(|line| !text.lines().any(|found| found == **line)).collect();
        if missing.is_empty() {
            return text;
        }
        assert!(begin.elapsed() < PATIENCE, "{missing:#?} is not in\n{text}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn are_served_on(kind: DatabaseKind) {
    let db = TestDb::create(kind).await;
    let home = Home::new();
    let server = home.charla("serve").env("DATABASE_URL", &db.url).env("METRICS_BIND", "127.0.0.1:0");
    let server = server.serve().await;
    let _sockets = use_it(&server).await;
    let metrics = server.client_of("Metrics are at ");
    let text = scrape_until(
        &metrics,
        &[
            concat!("charla_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
            "charla_websocket_connections{door=\"account\"} 1",
            "charla_websocket_connections{door=\"room\"} 1",
            "charla_websocket_actions_total{action=\"typing\"} 2",
            "charla_accounts_connected 1",
            "charla_lane_commands_total{outcome=\"stored\"} 1",
            "charla_lane_commands_total{outcome=\"repeated\"} 1",
            "charla_lane_waiting_commands{lane=\"0\"} 0",
            "charla_uploads_total{outcome=\"stored\"} 1",
            "charla_upload_bytes_total 20",
            r#"charla_http_request_duration_seconds_count{method="POST",route="/api/v1/auth/register/",status="2xx"} 2"#,
            r#"charla_http_request_duration_seconds_count{method="GET",route="/ws/chat/{room_id}/",status="1xx"} 1"#,
            "charla_database_statement_errors_total{pool=\"read\"} 0",
        ],
    )
    .await;
    for name in ["charla_events_delivered_total", "charla_websocket_frames_written_total", "process_open_fds"]
    {
        assert!(value(&text, name) >= 2.0, "{name}: {text}");
    }
    assert!(
        value(&text, "charla_database_statement_duration_seconds_count{pool=\"write\",statement=\"insert\"}")
            > 0.0
    );
    assert!(value(&text, "charla_database_connections{pool=\"read\",state=\"idle\"}") > 0.0);
    assert!(!text.contains("charla_redis_"), "there is none");
    for private in ["ana", "ben", "example.org", "Hello", "note.txt"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    let elsewhere = metrics.request(Method::GET, "/api/v1/users/me/", None).await.unwrap();
    assert_eq!(elsewhere.status, 404, "nothing else is served there");
    let outside = server.client().request(Method::GET, "/metrics", None).await.unwrap();
    assert!(!String::from_utf8_lossy(&outside.body).contains("charla_build_info"), "people can't read them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_served_on_sqlite() {
    are_served_on(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_served_on_postgres() {
    are_served_on(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_served_on_mariadb() {
    are_served_on(DatabaseKind::MariaDb).await;
}

/// The value of a line.
fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in\n{text}")).parse().unwrap()
}

/// All that a dashboard asks for, without its variables.
fn dashboard_queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let annotations = dashboard["annotations"]["list"].as_array().unwrap().iter();
    let queries = targets.chain(annotations).map(|asked| asked["expr"].as_str().unwrap());
    let queries = queries.map(|query| query.replace("$__rate_interval", "1m").replace("$instance", ".+"));
    queries.collect()
}

/// The names of our metrics in a query.
fn names(query: &str) -> impl Iterator<Item = &str> {
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("charla_") || word.starts_with("process_"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dashboard_and_alerts_ask_for_what_there_is() {
    let db = TestDb::create(DatabaseKind::Postgres).await;
    let redis = Redis::start(&Options::default()).unwrap();
    let home = Home::new();
    let server = home.charla("serve").env("DATABASE_URL", &db.url).env("REDIS_URL", &redis.url());
    let server = server.env("METRICS_BIND", "127.0.0.1:0").serve().await;
    let _sockets = use_it(&server).await;
    let metrics = server.client_of("Metrics are at ");
    check(&scrape_until(&metrics, &["charla_redis_up 1"]).await).await;

    let prometheus = Prometheus::start(metrics.base().authority()).await;
    let asked = dashboard_queries();
    assert!(asked.len() > 40, "{}", asked.len());
    prometheus.until_answered("charla_redis_published_total > 0").await;
    // Two samples make a rate.
    prometheus.until_answered("changes(process_cpu_seconds_total[1m]) > 0").await;
    for query in asked.iter().filter(|query| !query.starts_with("changes(")) {
        prometheus.until_answered(query).await;
    }
    let alerts = prometheus.alerts().await;
    assert!(alerts.len() > 10, "{}", alerts.len());
    let known: BTreeSet<String> = prometheus.names().await;
    for query in asked.iter().chain(&alerts) {
        for name in names(query) {
            assert!(known.contains(name), "{name} is asked for, and not there: {query}");
        }
    }
}

/// Has `promtool` look at what Prometheus would read.
async fn check(text: &str) {
    let mut tool = Command::new(TOOL)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is installed: run scripts/install-test-tools");
    tool.stdin.take().unwrap().write_all(text.as_bytes()).await.unwrap();
    let said = tool.wait_with_output().await.unwrap();
    let told = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && told.is_empty(), "{told}{}", String::from_utf8_lossy(&said.stdout));
}
