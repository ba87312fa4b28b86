//! The command line, as whoever runs a server meets it: exit codes, what is printed, what is refused and how that is said.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

#[path = "support/home.rs"]
mod home;
mod watched {
    mod alerts;
    mod doctor;
    mod metrics;
    mod prometheus;
}
mod serving {
    mod tls;
}
mod import {
    mod archives;
    mod django;
    mod numbers;
}

use std::net::TcpListener;

use charla_protocol::ErrorCode;
use charla_server::config::SETTINGS;
use charla_testing::{DatabaseKind, PASSWORD, TestDb};

use home::Home;

const NEW: &str = "another horse staple";

fn code_of<T: std::fmt::Debug>(answer: charla_client::Result<T>) -> Option<ErrorCode> {
    answer.unwrap_err().code()
}

#[tokio::test]
async fn help_and_version_are_printed() {
    let home = Home::new();
    let version = home.run("--version").await.succeeded();
    assert_eq!(version, concat!("charla ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = home.run("--help").await.succeeded();
    for command in [
        "serve",
        "migrate",
        "createsuperuser",
        "changepassword",
        "resettwofactor",
        "reindex",
        "backup",
        "restore",
        "export",
        "transfer",
        "doctor",
        "import",
        "openapi",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
        assert!(home.run(&format!("{command} --help")).await.succeeded().contains("Usage: charla "));
    }
    assert!(home.path().read_dir().unwrap().next().is_none(), "looking around leaves nothing behind");
}

#[tokio::test]
async fn the_help_of_serve_names_every_setting() {
    let help = Home::new().run("serve --help").await.succeeded();
    for setting in SETTINGS {
        assert!(help.contains(&format!("--{} <VALUE>", setting.flag)), "{}: {help}", setting.flag);
        assert!(help.contains(&format!("[env: {}]", setting.name)), "{}: {help}", setting.name);
    }
    assert!(help.contains("RUST_LOG") && help.contains("LOG_FORMAT"), "{help}");
}

#[tokio::test]
async fn what_can_not_be_understood_is_a_matter_of_usage() {
    let home = Home::new();
    assert!(home.run("").await.misunderstood().contains("Usage: charla"));
    assert!(home.run("sevre").await.misunderstood().contains("'serve'"));
    assert!(home.run("migrate --bnid 127.0.0.1:1").await.misunderstood().contains("'--bind'"));
    assert!(home.run("createsuperuser").await.misunderstood().contains("--username"));
    // A password among the arguments could be read by others on the machine.
    let told = home.run("createsuperuser --username root --password x").await.misunderstood();
    assert!(told.contains("--password-stdin"), "{told}");
}

#[tokio::test]
async fn openapi_prints_the_document_and_needs_no_settings() {
    let home = Home::new();
    let printed = home.charla("openapi").env("BIND", "nonsense").run().await.succeeded();
    assert_eq!(printed, charla_server::router::openapi().to_pretty_json().unwrap() + "\n");
    assert!(home.path().read_dir().unwrap().next().is_none());
}

#[tokio::test]
async fn migrate_says_what_it_would_do_and_what_it_did() {
    let home = Home::new();
    let pending = home.run("migrate --dry-run").await.succeeded();
    let count: usize = pending.trim_end().strip_prefix("Pending migrations: ").unwrap().parse().unwrap();
    assert!(count > 3);
    assert_eq!(home.run("migrate --dry-run").await.succeeded(), pending, "nothing has happened yet");
    assert_eq!(home.run("migrate").await.succeeded(), format!("Migrations applied: {count}\n"));
    for command in ["migrate", "migrate --dry-run"] {
        assert_eq!(home.run(command).await.succeeded(), "The database is up to date.\n");
    }
}

#[tokio::test]
async fn a_superuser_is_made_and_may_sign_in() {
    let home = Home::new();
    let made = home.charla("createsuperuser --username Root --email root@example.org --password-stdin");
    // What is asked for by a flag counts, not what happens to be in the environment.
    let made = made.input(PASSWORD).env("CHARLA_PASSWORD", NEW).run().await;
    assert_eq!(made.succeeded(), "Root may sign in now, and do everything.\n");
    let made = home.charla("createsuperuser --username plain").env("CHARLA_PASSWORD", NEW).run().await;
    assert_eq!(made.succeeded(), "plain may sign in now, and do everything.\n");

    let server = home.charla("serve").serve().await;
    assert!(!server.announced.contains("/setup#token="), "there is an administrator: {}", server.announced);
    let by_mail = server.client().login("root@example.org", PASSWORD).await.unwrap();
    assert!(by_mail.user.is_superuser && by_mail.user.is_staff);
    let by_name = server.client().login("plain", NEW).await.unwrap();
    assert!(by_name.user.is_superuser && by_name.user.email.is_none());
}

#[tokio::test]
async fn a_line_ending_of_another_system_is_no_part_of_a_password() {
    let home = Home::new();
    home.make_root(&format!("{PASSWORD}\r")).await;
    home.charla("serve").serve().await.client().login("root", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn without_a_terminal_the_ways_to_give_a_password_are_named() {
    let message = Home::new().run("createsuperuser --username root").await.failed();
    assert!(message.contains("--password-stdin") && message.contains("CHARLA_PASSWORD"), "{message}");
}

#[tokio::test]
async fn what_an_account_can_not_be_made_of_is_named_by_its_field() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    for (username, email, password, told) in [
        ("ROOT", "new@example.org", PASSWORD, "username: This is taken already."),
        ("new", "Root@Example.org", PASSWORD, "email: This is taken already."),
        ("root@example.org", "new@example.org", PASSWORD, "username: This is taken already."),
        ("n", "new@example.org", PASSWORD, "username: Use at least 3 characters."),
        ("new", "nowhere", PASSWORD, "email: Enter a valid e-mail address."),
        ("new", "new@example.org", "", "password: Use at least 8 characters."),
        ("new", "new@example.org", "password1", "password: This password is too common."),
        (
            "qv7-lantern-fig",
            "new@example.org",
            "qv7-lantern-fig",
            "password: This password is too similar to your name or e-mail address.",
        ),
        (
            "ROOT",
            "nowhere",
            "short",
            "email: Enter a valid e-mail address.\n\
             password: Use at least 8 characters.\n\
             username: This is taken already.",
        ),
    ] {
        let command = format!("createsuperuser --username {username} --email {email} --password-stdin");
        let message = home.charla(&command).input(password).run().await.failed();
        assert_eq!(message, told, "{command}");
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_session_of_a_running_server() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    let server = home.charla("serve").serve().await;
    let root = server.client();
    root.login("root", PASSWORD).await.unwrap();
    let changed = home.charla("changepassword Root@example.org --password-stdin").input(NEW).run().await;
    assert_eq!(changed.succeeded(), "The password of Root@example.org is changed; sessions ended: 1\n");
    assert_eq!(code_of(root.sessions().await), Some(ErrorCode::SessionEnded));
    assert_eq!(code_of(root.login("root", PASSWORD).await), Some(ErrorCode::InvalidCredentials));
    root.login("root", NEW).await.unwrap();

    let changed = home.charla("changepassword root").env("CHARLA_PASSWORD", PASSWORD).run().await;
    assert_eq!(changed.succeeded(), "The password of root is changed; sessions ended: 1\n");
    root.login("root", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_password_that_will_not_do_is_not_set() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    for (password, told) in [
        ("short", "password: Use at least 8 characters."),
        ("qwertyuiop", "password: This password is too common."),
        ("root@example.org", "password: This password is too similar to your name or e-mail address."),
    ] {
        let message =
            home.charla("changepassword root --password-stdin").input(password).run().await.failed();
        assert_eq!(message, told);
    }
    home.charla("serve").serve().await.client().login("root", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn nobody_is_asked_for_the_password_of_an_account_that_is_not_there() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    // Where it asked first, there would be no terminal to ask at, as there is none for root.
    assert!(home.run("changepassword root").await.failed().contains("no terminal"));
    assert_eq!(home.run("changepassword nobody").await.failed(), "there is no account \"nobody\"");
}

#[tokio::test]
async fn a_second_factor_is_taken_off_where_there_is_one() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    assert_eq!(home.run("resettwofactor nobody").await.failed(), "there is no account \"nobody\"");
    let told = home.run("resettwofactor root").await.failed();
    assert_eq!(told, "the account \"root\" has no second factor");
}

#[tokio::test]
async fn a_wrong_setting_is_named_with_its_source_and_a_remedy() {
    let flag = Home::new().run("migrate --bind 8000").await.failed();
    assert!(flag.contains("\n  BIND: \"8000\" on the command line: "), "{flag}");
    let environment = Home::new().charla("migrate").env("AUTO_MIGRATE", "perhaps").run().await.failed();
    assert!(
        environment.contains("\n  AUTO_MIGRATE: \"perhaps\" in the environment: write true or false"),
        "{environment}"
    );
    let home = Home::new();
    home.write(".env", "REGISTRATION=closd\n");
    home.write("charla.toml", "max_upload_size = \"9 parsecs\"\n");
    let message = home.charla("migrate").env("SECRET_KEY", "hunter2").run().await.failed();
    for told in [
        "\n  REGISTRATION: \"closd\" in .env: write open, invite or closed",
        "\n  MAX_UPLOAD_SIZE: \"9 parsecs\" in ./charla.toml: ",
        "\n  SECRET_KEY: the value in the environment: ",
    ] {
        assert!(message.contains(told), "{told}: {message}");
    }
    assert!(message.contains("25 MiB") && !message.contains("hunter2"), "{message}");
    assert!(!home.path().join("data").exists(), "nothing is made before all is in order");
}

#[tokio::test]
async fn a_flag_beats_the_environment_that_beats_dot_env_that_beats_charla_toml() {
    let home = Home::new();
    home.write("charla.toml", "bind = \"file\"\n");
    assert!(home.run("migrate").await.failed().contains("BIND: \"file\" in ./charla.toml"));
    home.write(".env", "BIND=dot-env\n");
    assert!(home.run("migrate").await.failed().contains("BIND: \"dot-env\" in .env"));
    let with_environment = |command| home.charla(command).env("BIND", "environment");
    let message = with_environment("migrate").run().await.failed();
    assert!(message.contains("BIND: \"environment\" in the environment"), "{message}");
    let message = with_environment("migrate --bind flag").run().await.failed();
    assert!(message.contains("BIND: \"flag\" on the command line"), "{message}");
    // What is overruled does not even have to be right.
    with_environment("migrate --bind 127.0.0.1:8000").run().await.succeeded();
}

#[tokio::test]
async fn each_source_is_heeded() {
    let home = Home::new();
    home.write("charla.toml", "data_dir = \"from-file\"\nauto_migrate = true\n");
    home.run("migrate").await.succeeded();
    home.write(".env", "DATA_DIR=from-dot-env\n# for another program\nPOSTGRES_PASSWORD=x\n");
    home.run("migrate").await.succeeded();
    home.charla("migrate").env("DATA_DIR", "from-environment").run().await.succeeded();
    home.run("migrate --data-dir from-flag").await.succeeded();
    home.write("other.toml", "data_dir = \"from-other\"\n");
    home.write(".env", "");
    home.run("migrate --config other.toml").await.succeeded();
    for folder in ["from-file", "from-dot-env", "from-environment", "from-flag", "from-other"] {
        assert!(home.path().join(folder).join("charla.db").is_file(), "{folder}");
    }
    assert!(!home.path().join("data").exists());
}

#[tokio::test]
async fn unknown_keys_and_files_that_can_not_be_read_are_refused() {
    let home = Home::new();
    home.write("charla.toml", "databse_url = \"sqlite://x.db\"\nfrobnicate = 1\n");
    let message = home.run("migrate").await.failed();
    assert!(message.contains("no setting \"databse_url\"; did you mean database_url?"), "{message}");
    assert!(message.contains("no setting \"frobnicate\"; `charla serve --help` lists all"), "{message}");
    home.write("charla.toml", "bind = 127.0.0.1\n");
    let message = home.run("migrate").await.failed();
    assert!(message.contains("./charla.toml: line 1: "), "{message}");
    let message = home.run("migrate --config nowhere.toml").await.failed();
    assert!(message.contains("--config: nowhere.toml can't be read"), "{message}");
}

#[tokio::test]
async fn settings_of_the_log_are_checked_as_well() {
    let home = Home::new();
    let message = home.charla("migrate").env("LOG_FORMAT", "xml").run().await.failed();
    assert_eq!(message, "LOG_FORMAT: \"xml\" in the environment: write text or json");
    let message = home.charla("migrate").env("RUST_LOG", "=,=").run().await.failed();
    assert!(message.starts_with("RUST_LOG: \"=,=\" in the environment: write levels"), "{message}");
}

#[tokio::test]
async fn a_database_that_can_not_be_reached_is_named_without_its_password() {
    for (scheme, command) in [("postgres", "serve"), ("mysql", "serve"), ("postgres", "migrate")] {
        let url = format!("{scheme}://ana:hunter2@127.0.0.1:1/chat");
        let message = Home::new().charla(command).env("DATABASE_URL", &url).run().await.failed();
        assert_eq!(
            message,
            "DATABASE_URL: the database can't be reached at 127.0.0.1:1 (database \"chat\", user \"ana\"): \
             Connection refused (os error 111); look whether the server runs there, and at host and port"
        );
    }
}

#[tokio::test]
async fn a_database_that_refuses_is_told_with_its_reason() {
    let db = TestDb::create(DatabaseKind::Postgres).await;
    let (base, _) = db.url.rsplit_once('/').unwrap();
    let url = format!("{base}/nothing_of_that_name");
    let message = Home::new().charla("migrate").env("DATABASE_URL", &url).run().await.failed();
    assert!(message.contains("database \"nothing_of_that_name\" does not exist"), "{message}");
    assert!(message.ends_with("; look at user, password and the name of the database"), "{message}");
}

#[tokio::test]
async fn without_auto_migrate_missing_migrations_are_told_with_the_remedy() {
    let home = Home::new();
    let pending = home.run("migrate --dry-run").await.succeeded();
    let count = pending.trim_end().rsplit(' ').next().unwrap();
    for command in ["serve", "createsuperuser --username root --password-stdin", "changepassword root"] {
        let message = home.charla(command).env("AUTO_MIGRATE", "false").input(PASSWORD).run().await.failed();
        let remedy = "migrations are missing: run `charla migrate`, or set AUTO_MIGRATE=true";
        assert_eq!(message, format!("{count} {remedy}"));
    }
    assert_eq!(home.run("migrate --dry-run").await.succeeded(), pending, "and none has been applied");
    // Who asks for it gets it, whatever the setting says of `serve`.
    home.charla("migrate").env("AUTO_MIGRATE", "false").run().await.succeeded();
    let server = home.charla("serve").env("AUTO_MIGRATE", "false").serve().await;
    assert!(server.announced.contains("/setup#token="), "{}", server.announced);
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_with_the_setting_and_a_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let message = Home::new().run(&format!("serve --bind {address}")).await.failed();
    assert!(
        message.starts_with(&format!("BIND: can't listen on {address}; end what listens there")),
        "{message}"
    );
    assert!(message.contains("choose another address, such as 127.0.0.1:8001"), "{message}");
}

#[tokio::test]
async fn a_database_with_accounts_is_left_without_the_demo() {
    let home = Home::new();
    home.make_root(PASSWORD).await;
    let server = home.charla("serve --demo").serve().await;
    let told = "The database has accounts already: it is left as it is, without the demo.";
    assert!(server.announced.contains(told), "{}", server.announced);
    let root = server.client();
    root.login("root", PASSWORD).await.unwrap();
    assert!(root.rooms().await.unwrap().results.is_empty());
}
