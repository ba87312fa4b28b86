//! How often somebody may ask.

use charla_db::queries;
use charla_protocol::{ErrorCode, UserId};
use charla_testing::{DatabaseKind, TestServer};

use crate::support::refusal;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_new_requests_an_hour() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let (ana, ana_user) = server.person("ana").await;
    let tx = server.app.db.begin().await.unwrap();
    let row = queries::users::find(&tx, ana_user.user.id).await.unwrap().unwrap();
    let mut people = Vec::new();
    for number in 0..61_u128 {
        let mut person = row.clone();
        person.id = uuid::Uuid::from_u128(1 + number);
        person.username_key = format!("person{number}");
        person.email_key = None;
        people.push(UserId(person.id));
        queries::users::insert(&tx, person).await.unwrap();
    }
    tx.commit().await.unwrap();
    for person in &people[..60] {
        assert!(ana.request_friendship(*person).await.unwrap().is_new);
    }
    assert!(!ana.request_friendship(people[0]).await.unwrap().is_new, "the same again is none");
    assert_eq!(refusal(ana.request_friendship(people[60]).await), (429, ErrorCode::TooManyRequests));
}
