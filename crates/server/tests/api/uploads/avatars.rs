//! Pictures of people and rooms.

use charla_client::Door;
use charla_protocol::{ErrorCode, events::Event, rooms::Visibility};
use charla_server::jobs::cleanup;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use image::{GenericImageView, ImageFormat};

use super::support::{contains, get, picture, status, transparent, with_exif};
use crate::support::{open, refusal, wait_for};

/// The size and the colours left and right of what is at an address.
async fn seen(client: &charla_client::Client, url: &str) -> ((u32, u32), [u8; 3], [u8; 3]) {
    let image = image::load_from_memory(&get(client, url).await.body).unwrap();
    let (width, height) = image.dimensions();
    let colour = |x| {
        let [red, green, blue, _] = image.get_pixel(x, height / 2).0;
        [red / 60, green / 60, blue / 60]
    };
    ((width, height), colour(1), colour(width - 2))
}

on_each_database! {
    async fn ones_own_is_told_and_replaced(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        ana.direct_chat(bob_user.user.id).await.unwrap();
        let mut socket = open(&bob, Door::All).await;
        let first = ana.set_avatar(picture(ImageFormat::Png, 900, 600)).await.unwrap().user.avatar_url.unwrap();
        let told = wait_for(&mut socket, |event| match event {
            Event::ProfileUpdated(person) => Some(person.avatar_url),
            _ => None,
        }).await;
        assert_eq!(told.as_ref(), Some(&first));
        assert_eq!(seen(&bob, &first).await, ((512, 512), [4, 0, 0], [0, 0, 4]));
        assert_eq!(seen(&bob, &format!("{first}?size=small")).await.0, (96, 96));
        assert_eq!(seen(&bob, &format!("{first}?size=large")).await.0, (512, 512));
        let second = ana.set_avatar(picture(ImageFormat::Jpeg, 40, 50)).await.unwrap().user.avatar_url.unwrap();
        assert_ne!(first, second);
        assert_eq!([status(&bob, &first).await, status(&bob, &second).await], [404, 200]);
        assert_eq!(seen(&bob, &second).await.0, (40, 40), "nothing is blown up");
        assert_eq!(cleanup::pass(&server.app).await.unwrap(), 1);
        ana.remove_avatar().await.unwrap();
        ana.remove_avatar().await.unwrap();
        assert_eq!(ana.me().await.unwrap().user.avatar_url, None);
        assert_eq!(status(&bob, &second).await, 404);
    }

    async fn that_of_a_room_is_its_admins_matter(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let png = picture(ImageFormat::Png, 200, 200);
        let mut socket = open(&bob, Door::All).await;
        let url = ana.set_room_avatar(room, png.clone()).await.unwrap().avatar_url.unwrap();
        let told = wait_for(&mut socket, |event| match event {
            Event::RoomUpdated(room) => Some(room.avatar_url),
            _ => None,
        }).await;
        assert_eq!(told, Some(url.clone()));
        assert_eq!(status(&bob, &url).await, 200);
        assert_eq!(refusal(bob.set_room_avatar(room, png.clone()).await), (403, ErrorCode::Forbidden));
        assert_eq!(refusal(bob.remove_room_avatar(room).await), (403, ErrorCode::Forbidden));
        assert_eq!(refusal(eve.set_room_avatar(room, png.clone()).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(ana.set_room_avatar(direct, png.clone()).await), (409, ErrorCode::DirectRoom));
        let next = ana.set_room_avatar(room, png).await.unwrap().avatar_url.unwrap();
        assert_eq!([status(&bob, &url).await, status(&bob, &next).await], [404, 200]);
        ana.remove_room_avatar(room).await.unwrap();
        assert_eq!(ana.room(room).await.unwrap().avatar_url, None);
    }
}

#[tokio::test]
async fn it_is_made_anew() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    // Turned by a quarter: what was left is on top.
    let turned = with_exif(&picture(ImageFormat::Jpeg, 300, 300), 6);
    let url = ana.set_avatar(turned).await.unwrap().user.avatar_url.unwrap();
    let answer = get(&ana, &url).await;
    assert!(!contains(&answer.body, "PLACE"));
    let image = image::load_from_memory(&answer.body).unwrap();
    assert!(image.get_pixel(150, 5).0[0] > 200 && image.get_pixel(150, 295).0[2] > 200);
    let url = ana.set_avatar(transparent(50, 50)).await.unwrap().user.avatar_url.unwrap();
    assert_eq!(get(&ana, &url).await.header("content-type"), Some("image/webp"), "transparent stays so");
    for nothing in [&b"text"[..], b"<svg/>", b"%PDF-1.7"] {
        assert_eq!(refusal(ana.set_avatar(nothing.to_vec()).await), (400, ErrorCode::ValidationFailed));
    }
    assert_eq!(refusal(ana.set_avatar(b"GIF89a".to_vec()).await), (400, ErrorCode::InvalidImage));
}
