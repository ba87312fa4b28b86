//! A Prometheus that reads the metrics of one server, with the alerts of `deploy/`.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use charla_client::{Client, Method};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::Instant,
};

pub(super) const TOOL: &str = "promtool";
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/prometheus/charla.rules.yml");
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Prometheus {
    client: Client,
    _child: Child,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts it on a free port.
    pub(super) async fn start(target: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("prometheus.yml");
        let text = format!(
            "global: {{ scrape_interval: 500ms, evaluation_interval: 500ms }}\n\
             rule_files: [{RULES}]\n\
             scrape_configs: [{{ job_name: charla, static_configs: [{{ targets: [\"{target}\"] }}] }}]\n"
        );
        std::fs::write(&settings, text).unwrap();
        let checked = tool(&["check", "config", settings.to_str().unwrap()]).await;
        assert!(checked.status.success(), "{checked:?}");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let child = spawn(&settings, &folder.path().join("data"), &address);
        let client = Client::new(&format!("http://{address}")).unwrap();
        Self { client, _child: child, _folder: folder }
    }

    /// Asks again and again until there is an answer; what is no query fails.
    pub(super) async fn until_answered(&self, query: &str) {
        let begin = Instant::now();
        loop {
            let asked: String = url_encoded(query);
            let answer = self.get(&format!("/api/v1/query?query={asked}")).await;
            match answer {
                Some(answer) if answer["status"] != "success" => panic!("{query}: {answer}"),
                Some(answer) if !answer["data"]["result"].as_array().unwrap().is_empty() => return,
                _ => {}
            }
            assert!(begin.elapsed() < PATIENCE, "{query} has no answer");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The names of all metrics that it has read.
    pub(super) async fn names(&self) -> BTreeSet<String> {
        let answer = self.get("/api/v1/label/__name__/values").await.unwrap();
        serde_json::from_value(answer["data"].clone()).unwrap()
    }

    /// What the alerts ask. None of them is raised by a server that is well.
    pub(super) async fn alerts(&self) -> Vec<String> {
        let begin = Instant::now();
        loop {
            let answer = self.get("/api/v1/rules").await.unwrap();
            let rules = answer["data"]["groups"][0]["rules"].as_array().unwrap();
            if rules.iter().all(|rule| rule["health"] == "ok" && rule["state"] != "firing") {
                return rules.iter().map(|rule| rule["query"].as_str().unwrap().to_owned()).collect();
            }
            assert!(begin.elapsed() < PATIENCE, "{answer:#}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// None while it is starting.
    async fn get(&self, path: &str) -> Option<Value> {
        let answer = self.client.request(Method::GET, path, None).await.ok()?;
        serde_json::from_slice(&answer.body).ok()
    }
}

fn spawn(settings: &Path, data: &Path, address: &str) -> Child {
    Command::new("prometheus")
        .arg(format!("--config.file={}", settings.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("prometheus is installed: run scripts/install-test-tools")
}

/// Runs `promtool` to its end.
pub(super) async fn tool(arguments: &[&str]) -> Output {
    let run = Command::new(TOOL).args(arguments).output().await;
    run.expect("promtool is installed: run scripts/install-test-tools")
}

fn url_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
