//! `charla doctor`.

use std::{fs, net::TcpListener};

use charla_services::{Options, Redis, S3, SecureSmtp};
use charla_testing::{DatabaseKind, TestDb};
use serde_json::Value;

use crate::home::{Charla, Home};

/// What it found: part, verdict, text and remedy.
struct Diagnosis {
    code: Option<i32>,
    findings: Vec<[String; 4]>,
}

impl Diagnosis {
    fn of(&self, part: &str) -> String {
        let of_part = self.findings.iter().filter(|[found, ..]| found == part);
        of_part.map(|[_, verdict, text, remedy]| format!("{verdict}: {text} -> {remedy}\n")).collect()
    }

    /// Asserts that this stands among what was found of the part.
    #[track_caller]
    fn says(&self, part: &str, expected: &str) -> &Self {
        let found = self.of(part);
        assert!(found.contains(expected), "{expected:?} is not in {found:?}");
        self
    }

    fn problems(&self) -> usize {
        self.findings.iter().filter(|[_, verdict, ..]| verdict == "problem").count()
    }

    /// Asserts that it ended as what it found demands.
    #[track_caller]
    fn has_problems(&self, expected: usize) -> &Self {
        assert_eq!(self.problems(), expected, "{:#?}", self.findings);
        assert_eq!(self.code, Some(i32::from(expected > 0)));
        self
    }
}

async fn diagnose(doctor: Charla) -> Diagnosis {
    let ran = doctor.run().await;
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let findings =
        findings.map(|finding| ["part", "verdict", "text", "remedy"].map(|name| text(finding, name)));
    Diagnosis { code: ran.code, findings: findings.collect() }
}

/// The address of a port where nothing listens.
fn nowhere() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[tokio::test]
async fn before_the_first_start_all_is_well_and_nothing_is_made() {
    let home = Home::new();
    let found = diagnose(home.charla("doctor --json")).await;
    found.has_problems(0).says("folders", "data is not there yet").says("database", "is not there yet");
    found.says("mail", "note: SMTP_URL is not set").says("redis", "ok: ").says("settings", "ok: ");
    assert!(home.path().read_dir().unwrap().next().is_none(), "it leaves nothing behind");
}

#[tokio::test]
async fn people_read_it_in_words() {
    let home = Home::new();
    home.run("migrate").await.succeeded();
    let told = home.run("doctor").await.succeeded();
    for line in [
        "ok       database    SQLite 3.",
        "its tables are up to date",
        "note     mail        SMTP_URL is not set",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let ran = home.charla("doctor --public-url https://chat.example.org").run().await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("PROBLEM  settings    PUBLIC_URL leads to chat.example.org"), "{}", ran.out);
    assert!(ran.out.contains("-> add chat.example.org to ALLOWED_HOSTS"), "{}", ran.out);
    assert_eq!(ran.err, "charla: something has to be done about one thing\n");
}

#[tokio::test]
async fn wrong_settings_are_all_named() {
    let home = Home::new();
    let found = diagnose(home.charla("doctor --json").env("BIND", "x").env("REGISTRATION", "y")).await;
    found.has_problems(2).says("settings", "BIND: \"x\"").says("settings", "REGISTRATION: \"y\"");
}

#[tokio::test]
async fn a_running_server_is_well() {
    let home = Home::new();
    let _server = home.charla("serve").serve().await;
    let found = diagnose(home.charla("doctor --json")).await;
    found.has_problems(0).says("storage", "can be written, read and deleted");
    found.says("database", "what is committed is on disk").says("disk", "MiB are free");
    let media = home.path().join("data/media");
    assert!(
        media.read_dir().unwrap().all(|file| file.unwrap().file_name() == "ready"),
        "nothing stays behind"
    );
}

#[tokio::test]
async fn migrations_that_nobody_applies_are_a_problem() {
    let home = Home::new();
    let old = home.charla("migrate --dry-run").run().await;
    assert!(old.succeeded().starts_with("Pending migrations: "));
    let found = diagnose(home.charla("doctor --json --auto-migrate false")).await;
    found.has_problems(1).says("database", "run `charla migrate`");
    diagnose(home.charla("doctor --json"))
        .await
        .has_problems(0)
        .says("database", "the next start applies them");
}

/// The servers of tests wait for no disk, unless they are told to.
#[tokio::test]
async fn databases_that_may_lose_something_are_found_out() {
    let home = Home::new();
    for (kind, product, setting) in [
        (DatabaseKind::Postgres, "PostgreSQL ", "fsync is off"),
        (DatabaseKind::MariaDb, "MariaDB ", "innodb_flush_log_at_trx_commit is "),
    ] {
        let db = TestDb::create(kind).await;
        home.charla("migrate").env("DATABASE_URL", &db.url).run().await.succeeded();
        let found = diagnose(home.charla("doctor --json").env("DATABASE_URL", &db.url)).await;
        found.says("database", product).says("database", "its tables are up to date");
        found.says("clock", "ok: ").says("database", setting).says("database", "on the database server");
        assert_eq!(found.code, Some(1));
    }
}

#[tokio::test]
async fn what_can_not_be_reached_is_told_with_what_to_look_at() {
    let home = Home::new();
    fs::write(home.path().join("media"), "a file").unwrap();
    let postgres = format!("postgres://ana:hunter2@{}/chat", nowhere());
    let doctor = home.charla("doctor --json").env("DATABASE_URL", &postgres);
    let doctor = doctor.env("REDIS_URL", &format!("redis://:hunter2@{}", nowhere()));
    let doctor = doctor.env("SMTP_URL", &format!("smtp://ana:hunter2@{}", nowhere()));
    let found = diagnose(doctor.env("STORAGE_URL", "file://media")).await;
    found.says("database", "can't be reached").says("database", "look whether the server runs there");
    found.says("redis", "can't be reached").says("redis", "look whether Redis runs there");
    found.says("mail", "can't be reached").says("mail", "look at host and port in SMTP_URL");
    found.says("folders", "is no folder").says("storage", "problem: ");
    found.has_problems(5);
    assert!(!found.findings.concat().concat().contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_is_tried_out() {
    let (redis, s3) = (Redis::start(&Options::default()).unwrap(), S3::start(&Options::default()).unwrap());
    let smtp = SecureSmtp::start(&Options::default()).unwrap();
    let smtp_url = format!("{}&ca={}", smtp.url(), smtp.folder().join("certificate.pem").display());
    let db = TestDb::create(DatabaseKind::Postgres).await;
    let home = Home::new();
    let doctor = |storage: &str, smtp: &str| {
        let doctor = home.charla("doctor --json").env("DATABASE_URL", &db.url).env("REDIS_URL", &redis.url());
        doctor.env("STORAGE_URL", storage).env("SMTP_URL", smtp)
    };
    let found = diagnose(doctor(&s3.url(), &smtp_url)).await;
    found.says("redis", "from node to node").says("storage", "ok: a file can be written");
    found.says("mail", "ok: ").says("mail", "by TLS, and takes user and password");
    let wrong = s3.url().replace("-test-secret@", "-other-secret@");
    let found = diagnose(doctor(&wrong, &smtp_url.replace("ecret", "other"))).await;
    found.says("storage", "problem: a file can't be written").says("storage", "look at endpoint, bucket");
    found.says("mail", "problem: ").says("mail", "look at user and password in SMTP_URL");
    let found = diagnose(doctor(&s3.url(), &smtp.url())).await;
    found.says("mail", "problem: ").says("mail", "look at the certificate of the mail server");
}
