//! Names and addresses that would like to be more than that.

use charla_testing::{DatabaseKind, PASSWORD, TestServer};
use serde_json::json;

use super::support::{is_empty, mailing, post};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_choose_gets_into_a_header() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let (node, inbox) = mailing(&server).await;
    let rows = [
        ("eve.evil.example", "Eve\r\nBcc: victim@example.org\r\n\r\nBuy!", "o'hara+x@example.org"),
        ("mallory", "<script>alert(1)</script> https://evil.example", "=?utf-8?q?x?=@example.org"),
        ("trent", "=?utf-8?B?QmNjOiB4QGV4YW1wbGUub3Jn?=", "-oQ/tmp@example.org"),
        ("ñandú", "Ñandú", "ñandú@correo.españa"),
    ];
    for (username, display_name, email) in rows {
        let body =
            json!({"username": username, "display_name": display_name, "email": email, "password": PASSWORD});
        assert_eq!(post(&node.anonymous(), "register", body).await.status, 201, "{email}");
    }
    node.app.post.flush().await;
    assert!(is_empty(&node).await);
    let mails = inbox.mails();
    assert_eq!(mails.len(), rows.len());
    for (mail, (username, display_name, _)) in mails.iter().zip(rows) {
        let mut names: Vec<&str> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let expected = [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
            "X-Envelope-To",
        ];
        assert_eq!(names, expected);
        let value = |name: &str| &mail.headers.iter().find(|(other, _)| other == name).unwrap().1;
        assert_eq!(value("Auto-Submitted"), "auto-generated");
        assert!(value("Message-ID").ends_with(".test>"), "{}", value("Message-ID"));
        assert_eq!(mail.to.split_whitespace().count(), 1, "{}", mail.to);
        let all = format!("{:?} {} {}", mail.headers, mail.text, mail.html);
        for chosen in ["evil", "Buy!", "script", username, display_name] {
            let in_address = mail.to.contains(chosen);
            assert!(in_address || !all.contains(chosen), "{chosen}: {all}");
        }
    }
    for bad in ["a@b.co\r\nBcc: c@d.co", "a@b.co, c@d.co", "<a@b.co>", "a@b.co\u{0}"] {
        let answer = post(&node.anonymous(), "password/reset", json!({ "email": bad })).await;
        assert_eq!(answer.status, 400, "{bad:?}");
    }
}
