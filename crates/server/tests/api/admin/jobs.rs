//! `/api/v1/admin/jobs/`

use charla_db::{
    queries,
    tables::{
        files::{self, Purpose},
        mails,
    },
};
use charla_protocol::admin::jobs::QueueName;
use charla_testing::{TestServer, on_each_database};

use super::FORBIDDEN;
use crate::support::{refusal, staff};

on_each_database! {
    async fn staff_see_what_waits(server: TestServer) {
        let root = staff(&server).await;
        let (ana, ana_user) = server.person("ana").await;
        assert_eq!(refusal(ana.jobs().await), FORBIDDEN);
        let before = server.app.clock.now();
        let tx = server.app.db.begin().await.unwrap();
        for (number, attempts) in [(0, 0), (1, 3)] {
            let mail = mails::Model {
                id: server.app.clock.id(),
                kind: "reset".to_owned(),
                user_id: Some(ana_user.user.id.0),
                address: "ana@example.org".to_owned(),
                language: "en".to_owned(),
                facts: "{}".to_owned(),
                attempts,
                created_at: before.millis() + number,
                due_at: before.millis() + 1_000_000,
            };
            queries::mails::insert(&tx, mail).await.unwrap();
        }
        let (file, owner) = (server.app.clock.id(), ana_user.user.id.0);
        let discarded = files::Model::blank(file, owner, Purpose::Discarded, before.millis());
        queries::files::insert(&tx, discarded).await.unwrap();
        tx.commit().await.unwrap();
        let queues = root.jobs().await.unwrap().queues;
        let names: Vec<_> = queues.iter().map(|queue| queue.name).collect();
        assert_eq!(names, [QueueName::Mails, QueueName::Exports, QueueName::Indexing, QueueName::Uploads]);
        let [mails, exports, indexing, uploads] = &queues[..] else { panic!("{queues:?}") };
        assert_eq!((mails.waiting, mails.failing, mails.oldest_at), (2, 1, Some(before)));
        assert_eq!((exports.waiting, indexing.failing, uploads.waiting), (0, 0, 1));
    }
}
