//! A mail server that asks for TLS and a password.

use charla_services::{Options, SecureSmtp};
use charla_testing::{DatabaseKind, TestServer};

use super::support::{Inbox, is_empty};

#[tokio::test(flavor = "multi_thread")]
async fn mails_go_over_tls_and_with_a_password_or_wait() {
    let smtp = SecureSmtp::start(&Options::default()).unwrap();
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let own = format!("{}&ca={}", smtp.url(), smtp.folder().join("certificate.pem").display());
    // A certificate that nobody trusts, a wrong password, no TLS at all.
    for wrong in [smtp.url(), own.replace("ecret", "other"), smtp.url().replace("?tls=starttls", "")] {
        let inbox = Inbox::below(smtp.folder());
        let node = server.beside(inbox.settings(&wrong)).await;
        node.person(&format!("ana{}", wrong.len())).await;
        node.app.post.flush().await;
        assert!(inbox.mails().is_empty(), "{wrong}");
        assert!(!is_empty(&node).await, "whoever runs the server can mend it: {wrong}");
    }
    let inbox = Inbox::below(smtp.folder());
    let node = server.beside(inbox.settings(&own)).await;
    node.clock.advance(std::time::Duration::from_secs(600));
    node.app.post.flush().await;
    assert_eq!(inbox.mails().len(), 3);
    assert!(is_empty(&node).await);
}
