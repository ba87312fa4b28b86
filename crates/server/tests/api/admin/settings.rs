//! `/api/v1/admin/settings/`

use std::time::Duration;

use charla_client::{Client, Method};
use charla_protocol::{
    ErrorCode,
    admin::settings::{PublicRoomsBy, SettingFrom, SettingOf, UpdateServerSettings},
    audit::AuditAction,
    auth::Registration,
    rooms::{CreateRoom, History, RoomType, UpdateRoom, Visibility},
};
use charla_testing::{TestServer, on_each_database};
use serde_json::json;
use uuid::Uuid;

use super::{FORBIDDEN, log_of};
use crate::support::{make_staff, refusal, rejected, staff};

fn group(visibility: Visibility) -> CreateRoom {
    CreateRoom {
        name: "Harbour".to_owned(),
        room_type: RoomType::Group,
        visibility,
        topic: String::new(),
        history: History::All,
        participants: Vec::new(),
    }
}

/// What the node of that client tells whoever comes to sign in, once it is that.
async fn welcomes(client: &Client, text: &str) {
    let told = async {
        while client.registration_policy().await.unwrap().welcome != text {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("within ten seconds");
}

on_each_database! {
    async fn superusers_change_settings_of_every_node(server: TestServer) {
        let beside = server.beside(|_| {}).await;
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        let changes = UpdateServerSettings {
            registration: Some(Some(Registration::Closed)),
            max_upload_size: Some(Some(1_000)),
            public_rooms_by: Some(Some(PublicRoomsBy::Staff)),
            welcome: Some(Some("  Be kind.\n".to_owned())),
        };
        assert_eq!(refusal(ana.settings().await), FORBIDDEN);
        make_staff(&server, &ana_user).await;
        assert_eq!(ana.settings().await.unwrap().registration.from, SettingFrom::Default);
        assert_eq!(refusal(ana.update_settings(&changes).await), FORBIDDEN);

        let set = root.update_settings(&changes).await.unwrap();
        let closed = SettingOf { value: Registration::Closed, from: SettingFrom::Admin };
        assert_eq!((&set.registration, set.welcome.value.as_str()), (&closed, "Be kind."));
        assert_eq!(root.settings().await.unwrap(), set);
        let elsewhere = beside.anonymous();
        welcomes(&elsewhere, "Be kind.").await;
        let newcomer = json!({"username": "bob", "email": "bob@example.org", "password": "correct horse battery"});
        let answer = elsewhere.request(Method::POST, "/api/v1/auth/register/", Some(&newcomer)).await.unwrap();
        assert_eq!(answer.status, 403, "registration is closed");

        // Again nothing is nothing; one alone leaves the others; null goes back.
        root.update_settings(&changes).await.unwrap();
        let back = UpdateServerSettings { registration: Some(None), ..UpdateServerSettings::default() };
        let set = root.update_settings(&back).await.unwrap();
        assert_eq!(set.registration, SettingOf { value: Registration::Open, from: SettingFrom::Default });
        assert_eq!((set.max_upload_size.value, set.max_upload_size.from), (1_000, SettingFrom::Admin));
        let log = log_of(&root, Uuid::nil()).await;
        let told: Vec<_> = log.iter().map(|entry| (entry.action, entry.details.clone())).collect();
        let all = json!({"changed": ["registration", "max_upload_size", "public_rooms_by", "welcome"]});
        let one = json!({"changed": ["registration"]});
        assert_eq!(told, [(AuditAction::SettingsChanged, all), (AuditAction::SettingsChanged, one)]);
    }

    async fn settings_hold_where_something_is_written(server: TestServer) {
        let root = staff(&server).await;
        let (ana, me) = server.person("ana").await;
        assert!(me.may_publish_rooms);
        let mine = ana.create_room(&group(Visibility::Private)).await.unwrap().id;
        let before = ana.create_room(&group(Visibility::Public)).await.unwrap().id;
        let changes = UpdateServerSettings {
            max_upload_size: Some(Some(1_000)),
            public_rooms_by: Some(Some(PublicRoomsBy::Staff)),
            ..UpdateServerSettings::default()
        };
        root.update_settings(&changes).await.unwrap();
        let me = ana.me().await.unwrap();
        assert_eq!((me.max_upload_size, me.may_publish_rooms), (1_000, false));
        ana.upload("just.txt", "x".repeat(1_000)).await.unwrap();
        let large = (413, ErrorCode::PayloadTooLarge);
        assert_eq!(refusal(ana.upload("more.txt", "x".repeat(1_001)).await), large);

        let publish = UpdateRoom { visibility: Some(Visibility::Public), ..UpdateRoom::default() };
        assert_eq!(refusal(ana.create_room(&group(Visibility::Public)).await), FORBIDDEN);
        assert_eq!(refusal(ana.update_room(mine, &publish).await), FORBIDDEN);
        // One that is public stays so.
        ana.update_room(before, &publish).await.unwrap();
        root.create_room(&group(Visibility::Public)).await.unwrap();
    }

    async fn settings_have_bounds(server: TestServer) {
        let root = staff(&server).await;
        let changes = UpdateServerSettings {
            max_upload_size: Some(Some(0)),
            welcome: Some(Some("é".repeat(501))),
            ..UpdateServerSettings::default()
        };
        assert_eq!(rejected(root.update_settings(&changes).await), ["max_upload_size", "welcome"]);
        let blank = UpdateServerSettings { welcome: Some(Some(" \n".to_owned())), ..UpdateServerSettings::default() };
        assert_eq!(root.update_settings(&blank).await.unwrap().welcome.from, SettingFrom::Default);
        let restarted = UpdateServerSettings { welcome: Some(Some("Hello".to_owned())), ..UpdateServerSettings::default() };
        root.update_settings(&restarted).await.unwrap();
        let mut server = server;
        server.restart().await;
        assert_eq!(server.anonymous().registration_policy().await.unwrap().welcome, "Hello");
    }
}
