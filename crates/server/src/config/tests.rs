use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt, path::PathBuf};

use super::*;

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("charla-config-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn check(&self, environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, Errors> {
        let flags = Flags {
            config: None,
            given: flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        };
        let find = |name: &str| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        };
        check::check(&sources::gather(&flags, &find, &self.0)?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn errors(environment: &[(&str, &str)]) -> String {
    Folder::new("errors").check(environment, &[]).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let config = Folder::new("defaults").check(&[], &[]).unwrap();
    assert_eq!(config.database_url, "sqlite://data/charla.db");
    assert_eq!(config.storage_url, "file://data/media");
    assert_eq!(config.bind.to_string(), "127.0.0.1:8000");
    assert_eq!(config.max_upload_size, 25 * 1024 * 1024);
    assert_eq!(config.allowed_hosts, ["localhost", "127.0.0.1", "[::1]"]);
    assert_eq!(config.allowed_origins, ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"]);
    assert_eq!((config.registration, config.direct_messages), (Registration::Open, DirectMessages::Everyone));
    assert!(config.auto_migrate && config.rate_limits && !config.debug);
    assert!(config.trusted_proxies.is_empty());
}

#[test]
fn later_sources_win_and_an_empty_value_stands_for_the_default() {
    let folder = Folder::new("precedence");
    folder.write(
        "charla.toml",
        "bind = \"127.0.0.1:1\"\ndebug = true\nallowed_hosts = [\"a.example\", \"b.example\"]\n",
    );
    assert_eq!(folder.check(&[], &[]).unwrap().bind.port(), 1);
    folder.write(".env", "BIND=127.0.0.1:2\nOTHER=1\n");
    assert_eq!(folder.check(&[], &[]).unwrap().bind.port(), 2);
    let environment = [("BIND", "127.0.0.1:3")];
    assert_eq!(folder.check(&environment, &[]).unwrap().bind.port(), 3);
    let config = folder.check(&environment, &[("BIND", "127.0.0.1:4")]).unwrap();
    assert_eq!(config.bind.port(), 4);
    assert!(config.debug);
    assert_eq!(config.allowed_hosts, ["a.example", "b.example"]);
    assert_eq!(folder.check(&[("BIND", "")], &[]).unwrap().bind.port(), 8000);
}

#[test]
fn the_default_database_lies_in_the_data_folder() {
    let config = Folder::new("data-dir").check(&[("DATA_DIR", "/srv/100%/chat")], &[]).unwrap();
    assert_eq!(config.database_url, "sqlite:///srv/100%25/chat/charla.db");
    assert_eq!(parse::sqlite_path(&config.database_url).unwrap(), "/srv/100%/chat/charla.db");
}

#[test]
fn links_lead_to_the_public_address_and_else_to_this_machine() {
    for (settings, expected) in [
        (&[("BIND", "0.0.0.0:80")][..], "http://localhost:80"),
        (&[("BIND", "[::1]:8000")], "http://[::1]:8000"),
        (&[("PUBLIC_URL", "https://Chat.example.org/")], "https://chat.example.org"),
    ] {
        assert_eq!(Folder::new("links").check(settings, &[]).unwrap().public_url, expected);
    }
}

#[test]
fn what_is_written_well() {
    let rows: [(&'static str, &str); 19] = [
        ("DATABASE_URL", "sqlite:chat.db"),
        ("DATABASE_URL", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "mysql://u:p@h:3306/d"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", ".Example.org, 10.0.0.1, ::1"),
        ("ALLOWED_ORIGINS", "https://a.example,http://b.example:8080/"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1, 192.0.2.1"),
        ("MAX_UPLOAD_SIZE", "1048576"),
        ("MAX_UPLOAD_SIZE", "10MB"),
        ("BIND", "localhost:80"),
        ("BIND", "[::]:8000"),
        ("RATE_LIMITS", "OFF"),
        ("REGISTRATION", "invite"),
        ("STORAGE_URL", "file:///srv/media"),
        ("STORAGE_URL", "s3://bucket/prefix"),
        ("STORAGE_URL", "s3://key:secret@bucket/prefix?endpoint=http://127.0.0.1:9000&region=eu-west-1"),
        ("REQUIRE_VERIFIED_EMAIL", "no"),
        ("REQUIRE_STAFF_TWO_FACTOR", "yes"),
        ("PUBLIC_URL", "https://chat.example.org:8443/"),
    ];
    let folder = Folder::new("good");
    for (name, value) in rows {
        let checked = folder.check(&[(name, value)], &[]);
        assert!(checked.is_ok(), "{name}={value}: {}", checked.unwrap_err());
    }
    let origins =
        folder.check(&[("ALLOWED_ORIGINS", "HTTPS://A.example:443/")], &[]).unwrap().allowed_origins;
    assert_eq!(origins, ["https://a.example"]);
}

const TOO_LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:8000";

#[test]
fn a_name_is_as_good_as_its_address() {
    let folder = Folder::new("bind");
    for (name, expected) in [("localhost:8001", "127.0.0.1:8001"), ("LOCALHOST:8001", "127.0.0.1:8001")] {
        assert_eq!(folder.check(&[("BIND", name)], &[]).unwrap().bind.to_string(), expected);
    }
}

#[test]
fn what_is_wrong_is_named_with_its_value_and_a_remedy() {
    let rows = [
        ("BIND", "8000", "0.0.0.0:8000"),
        ("BIND", "chat.example.org", "an address and a port"),
        ("BIND", ":8000", "an address and a port"),
        ("BIND", "localhost:http", "an address and a port"),
        // Longer than any name may be: nobody has to be asked.
        ("BIND", TOO_LONG, "no machine of that name"),
        ("AUTO_MIGRATE", "maybe", "true or false"),
        ("REGISTRATION", "closd", "open, invite or closed"),
        ("DIRECT_MESSAGES", "nobody", "everyone or friends"),
        ("MAX_UPLOAD_SIZE", "0", "25 MiB"),
        ("MAX_UPLOAD_SIZE", "9 parsecs", "25 MiB"),
        ("MAX_UPLOAD_SIZE", "99999999999GiB", "25 MiB"),
        ("TRUSTED_PROXIES", "10.0.0.0/99", "10.0.0.0/8"),
        ("ALLOWED_HOSTS", "https://chat.example.org", "without http://"),
        ("ALLOWED_HOSTS", "chat.example.org:443", "without port"),
        ("ALLOWED_ORIGINS", "chat.example.org", "https://chat.example.org"),
        ("ALLOWED_ORIGINS", "*", "https://chat.example.org"),
        ("ALLOWED_ORIGINS", "https://chat.example.org/app", "without a path"),
        ("PUBLIC_URL", "https://chat.example.org/app", "without a path"),
        ("PUBLIC_URL", "http://localhost:*", "one address"),
    ];
    for (name, value, remedy) in rows {
        let text = errors(&[(name, value)]);
        assert!(text.contains(&format!("{name}: {value:?} in the environment: ")), "{text}");
        assert!(text.contains(remedy), "{text}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let rows = [
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "oracle://user:hunter2@host/db"),
        ("DATABASE_URL", "mariadb://user:hunter2@host/db"),
        ("REDIS_URL", "http://user:hunter2@host"),
        ("SMTP_URL", "user:hunter2@host"),
        ("STORAGE_URL", "ftp://user:hunter2@host"),
    ];
    for (name, value) in rows {
        let text = errors(&[(name, value)]);
        assert!(text.contains(&format!("{name}: the value in the environment: ")), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    let folder = Folder::new("secret-lines");
    folder.write("charla.toml", "secret_key = hunter2\n");
    folder.write(".env", "SECRET_KEY 'hunter2\n");
    let text = folder.check(&[], &[]).unwrap_err().to_string();
    assert!(
        text.contains("line 1") && text.contains("\"SECRET_KEY\"") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn a_database_on_several_hosts_is_refused_with_what_works_instead() {
    for url in [
        "postgres://u:hunter2@one:5432,two:5432/d?target_session_attrs=read-write",
        "postgres://u:hunter2@one,two/d",
        "postgres://u:hunter2@/d?host=one,two",
        "postgresql:///d?user=u&host=one%2Ctwo&port=5432%2C5433",
        "mysql://u:hunter2@one:3306,two:3306/d",
    ] {
        let errors = errors(&[("DATABASE_URL", url)]);
        assert!(errors.contains("name one host") && !errors.contains("hunter2"), "{url}: {errors}");
    }
    Folder::new("comma").check(&[("DATABASE_URL", "postgres://u:hunt,er2@one/d")], &[]).unwrap();
}

#[test]
fn metrics_have_an_address_of_their_own() {
    let folder = Folder::new("metrics");
    assert_eq!(folder.check(&[], &[]).unwrap().metrics_bind, None);
    let config = folder.check(&[("METRICS_BIND", "127.0.0.1:9464")], &[]).unwrap();
    assert_eq!(config.metrics_bind.unwrap().port(), 9464);
    let text = errors(&[("METRICS_BIND", "127.0.0.1:8000")]);
    assert!(text.contains("METRICS_BIND") && text.contains("an address of their own"), "{text}");
    folder.check(&[("METRICS_BIND", "127.0.0.1:0"), ("BIND", "127.0.0.1:0")], &[]).unwrap();
    assert!(errors(&[("METRICS_BIND", "nonsense")]).contains("an address and a port"));
}

#[test]
fn several_nodes_need_a_database_that_all_of_them_reach() {
    let redis = ("REDIS_URL", "redis-sentinel://:hunter2@10.0.0.1,10.0.0.2/charla");
    for database in [("DATABASE_URL", ""), ("DATABASE_URL", "sqlite://chat.db")] {
        let text = errors(&[redis, database]);
        assert!(
            text.contains("REDIS_URL: the value in the environment: several nodes need a database"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
    let config = Folder::new("nodes").check(&[redis, ("DATABASE_URL", "postgres://u:p@h/d")], &[]).unwrap();
    assert!(config.redis.is_some());
    assert!(!format!("{:?}", config.redis).contains("hunter2"));
}

#[test]
fn nodes_that_share_too_little_are_warned_of() {
    let folder = Folder::new("shared");
    let several = [("REDIS_URL", "redis://h"), ("DATABASE_URL", "mysql://u:p@h/d")];
    let config = folder.check(&several, &[]).unwrap();
    assert_eq!(config.warnings().len(), 1, "the files lie on this machine alone");
    let shared = [("STORAGE_URL", "s3://bucket")];
    let config = folder.check(&[&several[..], &shared].concat(), &[]).unwrap();
    assert!(config.warnings().is_empty());
}

#[test]
fn verified_addresses_need_mail() {
    let asked = ("REQUIRE_VERIFIED_EMAIL", "true");
    let text = errors(&[asked]);
    assert!(text.contains("REQUIRE_VERIFIED_EMAIL") && text.contains("set SMTP_URL too"), "{text}");
    for with in [("SMTP_URL", "smtp://mail.example.org:587"), ("DEBUG", "true")] {
        let config = Folder::new("verified").check(&[asked, with], &[]).unwrap();
        assert!(config.require_verified_email, "{with:?}");
    }
}

#[test]
fn mails_come_from_the_public_host_unless_it_is_said_otherwise() {
    let folder = Folder::new("from");
    let config = folder.check(&[("PUBLIC_URL", "https://chat.example.org")], &[]).unwrap();
    assert_eq!(config.mail_from.to_string(), "Charla <no-reply@chat.example.org>");
    let config = folder.check(&[("MAIL_FROM", "post@example.org")], &[]).unwrap();
    assert_eq!(config.mail_from.to_string(), "post@example.org");
    assert!(errors(&[("MAIL_FROM", "nobody")]).contains("write an address"));
}

#[test]
fn a_database_in_memory_is_refused() {
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://x?mode=memory", "sqlite://"] {
        assert!(errors(&[("DATABASE_URL", url)]).contains("file"), "{url}");
    }
}

#[test]
fn all_errors_come_at_once() {
    let text = errors(&[("BIND", "x"), ("DEBUG", "x"), ("SECRET_KEY", "short"), ("REDIS_URL", "redis://")]);
    for name in ["BIND", "DEBUG", "SECRET_KEY", "REDIS_URL"] {
        assert!(text.contains(&format!("\n  {name}: ")), "{text}");
    }
}

#[test]
fn unknown_keys_of_the_file_are_errors_with_a_suggestion() {
    let folder = Folder::new("unknown");
    folder.write("charla.toml", "databse_url = \"x\"\nfrobnicate = 1\nbind = { port = 1 }\n");
    let text = folder.check(&[], &[]).unwrap_err().to_string();
    assert!(text.contains("no setting \"databse_url\"; did you mean database_url?"), "{text}");
    assert!(text.contains("no setting \"frobnicate\"; `charla serve --help` lists all"), "{text}");
    assert!(text.contains("BIND: in "), "{text}");
}

#[test]
fn a_named_file_must_be_there() {
    let flags = Flags { config: Some(PathBuf::from("/nowhere/charla.toml")), ..Flags::default() };
    let text = sources::gather(&flags, &|_| None, std::path::Path::new("/nowhere")).unwrap_err().to_string();
    assert!(text.contains("--config: /nowhere/charla.toml can't be read"), "{text}");
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn folders_and_the_secret_key_are_made_once() {
    let folder = Folder::new("folders");
    let data = folder.0.join("deep/data");
    let mut config = Config::for_tests();
    config.secret_key = Secret(Vec::new());
    config.data_dir.clone_from(&data);
    config.database_url = parse::sqlite_url(&folder.0.join("db/chat.db"));
    folders::prepare(&mut config).unwrap();
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&folder.0.join("db")), 0o700);
    assert_eq!(mode(&folder.0.join("db/chat.db")), 0o600);
    assert_eq!(mode(&data.join("secret_key")), 0o600);
    assert!(config.secret_key.0.len() >= 32);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "nothing left behind");

    let first = config.secret_key.clone();
    fs::set_permissions(data.join("secret_key"), fs::Permissions::from_mode(0o644)).unwrap();
    config.secret_key = Secret(Vec::new());
    folders::prepare(&mut config).unwrap();
    assert!(config.secret_key == first, "the same key again");
    assert_eq!(mode(&data.join("secret_key")), 0o600);

    fs::write(data.join("secret_key"), "").unwrap();
    config.secret_key = Secret(Vec::new());
    let text = folders::prepare(&mut config).unwrap_err().to_string();
    assert!(text.contains("is damaged"), "{text}");
}

#[test]
fn a_given_key_is_kept() {
    let folder = Folder::new("given-key");
    let mut config = Config::for_tests();
    config.data_dir.clone_from(&folder.0);
    config.database_url = parse::sqlite_url(&folder.0.join("chat.db"));
    folders::prepare(&mut config).unwrap();
    assert!(config.secret_key == Secret(vec![7; 32]));
    assert!(!folder.0.join("secret_key").exists());
}

#[test]
fn suspicious_combinations_are_warned_of() {
    let mut config = Config { rate_limits: true, ..Config::for_tests() };
    assert!(config.warnings().is_empty());
    config.debug = true;
    assert!(config.warnings().is_empty());
    config.bind = "0.0.0.0:8000".parse().unwrap();
    config.rate_limits = false;
    assert_eq!(config.warnings().len(), 2);
}

#[test]
fn the_table_is_in_order() {
    for (i, setting) in SETTINGS.iter().enumerate() {
        assert!(SETTINGS[..i].iter().all(|other| other.name != setting.name));
        assert_eq!(setting.name, setting.name.to_ascii_uppercase());
        assert_eq!(setting.flag.replace('-', "_"), setting.key());
    }
}
