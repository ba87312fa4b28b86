//! What nobody needs any more goes.

use std::time::Duration;

use charla_db::tables::files;
use charla_protocol::rooms::Visibility;
use charla_server::jobs::cleanup;
use charla_testing::{TestServer, on_each_database};
use image::ImageFormat;
use sea_orm::EntityTrait;

use super::support::{picture, send_files, status, with_files};
use crate::support::refusal;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Files in the storage, but for that of the readiness check.
fn stored(server: &TestServer) -> usize {
    let folder = server.db.storage_url();
    let names = std::fs::read_dir(folder.trim_start_matches("file://")).unwrap();
    names.filter(|name| name.as_ref().unwrap().file_name() != "ready").count()
}

async fn rows(server: &TestServer) -> usize {
    files::Entity::find().all(server.app.db.read()).await.unwrap().len()
}

async fn clean(server: &TestServer) -> usize {
    cleanup::pass(&server.app).await.unwrap()
}

on_each_database! {
    async fn files_of_a_deleted_message_go(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let [kept, gone] =
            [ana.upload("a", "a").await.unwrap(), ana.upload("b", picture(ImageFormat::Png, 2000, 99)).await.unwrap()];
        send_files(&ana, room, &[kept.id]).await;
        let sent = send_files(&ana, room, &[gone.id]).await;
        assert_eq!((stored(&server), rows(&server).await), (4, 2));
        ana.delete_message(sent.id).await.unwrap();
        let small = gone.thumbnail_url.unwrap();
        assert_eq!([status(&ana, &gone.url).await, status(&ana, &small).await], [404, 404], "at once");
        assert!(ana.message(sent.id).await.unwrap().attachments.is_empty());
        assert_eq!(clean(&server).await, 1);
        assert_eq!((stored(&server), rows(&server).await, clean(&server).await), (1, 1, 0));
        assert_eq!(status(&ana, &kept.url).await, 200);
    }

    async fn what_waits_for_a_day_goes(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let [sent, old] = [ana.upload("a", "a").await.unwrap(), ana.upload("b", "b").await.unwrap()];
        send_files(&ana, room, &[sent.id]).await;
        server.clock.advance(DAY / 2);
        let ana = signed_in_again(&server).await;
        let young = ana.upload("c", "c").await.unwrap();
        assert_eq!(clean(&server).await, 0);
        server.clock.advance(DAY / 2);
        let ana = signed_in_again(&server).await;
        assert_eq!((clean(&server).await, stored(&server)), (1, 2));
        assert_eq!(status(&ana, &old.url).await, 404);
        assert_eq!(refusal(ana.send_message(&with_files(room, "", &[old.id])).await).0, 400);
        assert_eq!([status(&ana, &sent.url).await, status(&ana, &young.url).await], [200, 200]);
    }

    /// A node that dies between the bytes and the row, or before either, leaves nothing that the next pass does not find.
    async fn a_pass_that_was_cut_short_is_made_up_for(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let file = ana.upload("a", picture(ImageFormat::Png, 2000, 99)).await.unwrap();
        // Noted, but never stored as a whole.
        let row = files::Entity::find_by_id(file.id).one(server.app.db.read()).await.unwrap().unwrap();
        let arriving = files::Model { id: uuid::Uuid::new_v4(), purpose: "arriving".to_owned(), ..row };
        let tx = server.app.db.begin().await.unwrap();
        charla_db::queries::files::insert(&tx, arriving).await.unwrap();
        tx.commit().await.unwrap();
        server.app.storage.delete(file.id).await.unwrap();
        server.clock.advance(DAY + Duration::from_secs(1));
        let (one, two) = tokio::join!(cleanup::pass(&server.app), cleanup::pass(&server.app));
        assert!(one.unwrap() + two.unwrap() >= 2, "two nodes at once do no harm");
        assert_eq!((stored(&server), rows(&server).await), (0, 0));
    }

    /// One file that the storage does not delete does not keep the others.
    async fn a_file_that_can_not_be_deleted_is_left_to_the_next_pass(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut files = Vec::new();
        for _ in 0..3 {
            files.push(ana.upload("a", "a").await.unwrap().id);
        }
        // Wherever it stands in the list.
        files.sort_unstable();
        server.clock.advance(DAY + Duration::from_secs(1));
        let path = |file: &uuid::Uuid| format!("{}/{file}", server.db.storage_url().trim_start_matches("file://"));
        for file in &files[..2] {
            std::fs::remove_file(path(file)).unwrap();
            std::fs::create_dir(path(file)).unwrap();
        }
        assert_eq!((clean(&server).await, rows(&server).await, stored(&server)), (1, 2, 2));
        std::fs::remove_dir(path(&files[0])).unwrap();
        assert_eq!((clean(&server).await, rows(&server).await, stored(&server)), (1, 1, 1));
        std::fs::remove_dir(path(&files[1])).unwrap();
        assert_eq!((clean(&server).await, rows(&server).await), (1, 0));
    }

    /// Whichever comes first: a message never has a file without bytes.
    async fn the_clean_up_and_a_send_do_not_both_get_a_file(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut files = Vec::new();
        for _ in 0..8 {
            files.push(ana.upload("a", "a").await.unwrap());
        }
        server.clock.advance(DAY + Duration::from_secs(1));
        let ana = signed_in_again(&server).await;
        let messages: Vec<_> = files.iter().map(|file| with_files(room, "", &[file.id])).collect();
        let sends = futures_util::future::join_all(messages.iter().map(|message| ana.send_message(message)));
        let (sent, cleaned) = tokio::join!(sends, cleanup::pass(&server.app));
        cleaned.unwrap();
        clean(&server).await;
        for (file, sent) in files.iter().zip(sent) {
            let expected = if sent.is_ok() { 200 } else { 404 };
            assert_eq!(status(&ana, &file.url).await, expected, "{sent:?}");
        }
    }
}

/// Tokens do not last as long as uploads wait.
async fn signed_in_again(server: &TestServer) -> charla_client::Client {
    let client = server.anonymous();
    client.login("ana", charla_testing::PASSWORD).await.unwrap();
    client
}
