//! Backups that are not what was written, or of another time.

use charla_protocol::{
    messages::SendMessage,
    rooms::{History, Visibility},
};
use charla_testing::{DatabaseKind, make_group, sign_up};
use serde_json::Value;

use super::{archives::rewrite, place::Place};

type Edit = Box<dyn Fn(&str, Vec<u8>) -> Option<Vec<u8>>>;

/// A small backup, with a file in it.
async fn backup(from: &Place) -> String {
    let server = from.charla("serve").serve().await;
    let ana = server.client();
    sign_up(&ana, "ana").await;
    let room = make_group(&ana, Visibility::Private, History::All, &[]).await.id;
    let file = ana.upload("a.txt", "some bytes").await.unwrap();
    let message = SendMessage {
        room,
        content: "hello".to_owned(),
        message_type: Default::default(),
        reply_to_id: None,
        attachment_ids: vec![file.id],
        client_id: None,
    };
    ana.send_message(&message).await.unwrap();
    let path = from.path("whole.zip");
    from.run(&format!("backup {path}")).await.succeeded();
    path
}

fn in_entry(name: &'static str, edit: impl Fn(String) -> Option<String> + 'static) -> Edit {
    Box::new(move |entry, bytes| match entry.starts_with(name) {
        true => edit(String::from_utf8(bytes).unwrap()).map(String::into_bytes),
        false => Some(bytes),
    })
}

fn in_manifest(edit: impl Fn(&mut Value) + 'static) -> Edit {
    in_entry("manifest.json", move |text| {
        let mut manifest: Value = serde_json::from_str(&text).unwrap();
        edit(&mut manifest);
        Some(manifest.to_string())
    })
}

fn without_last_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_what_was_written_is_refused() {
    let from = Place::new(DatabaseKind::Sqlite).await;
    let whole = backup(&from).await;
    let to = Place::new(DatabaseKind::Sqlite).await;
    let later = "it was made by a later version of Charla";
    let rows = "the rows are not those that were written";
    let cases: Vec<(Edit, &str)> = vec![
        (in_entry("tables/users.jsonl", |text| Some(text.replace("\"ana\"", "\"eva\""))), rows),
        (in_entry("tables/messages.jsonl", |text| Some(without_last_line(&text))), rows),
        (in_entry("tables/messages.jsonl", |text| Some(format!("{text}{text}{text}"))), rows),
        (in_entry("tables/messages.jsonl", |text| Some(text + "{}\n")), "a line is no row"),
        (in_entry("tables/messages.jsonl", |text| Some(text.trim_end().to_owned())), "a line has no end"),
        (in_entry("tables/rooms.jsonl", |_| None), "rooms"),
        (in_entry("files/", |text| Some(text.replace("some", "same"))), "it is not what was written"),
        (in_entry("files/", |text| Some(text + "!")), "it is not what was written"),
        (in_entry("files/", |_| None), "the file"),
        (in_entry("files.jsonl", |_| Some(String::new())), "the list of files is not the one"),
        (in_entry("secret_key", |_| None), "the secret key"),
        (in_entry("manifest.json", |_| None), "can't be restored"),
        (in_entry("manifest.json", |text| Some(text[1..].to_owned())), "can't be restored"),
        (in_manifest(|manifest| manifest["format"] = 2.into()), later),
        (
            in_manifest(|manifest| manifest["migrations"].as_array_mut().unwrap().push("m9999_later".into())),
            later,
        ),
        (in_manifest(|manifest| manifest["tables"][0]["name"] = "rooms".into()), "not those of its version"),
        (in_manifest(|manifest| manifest["migrations"] = Value::Array(vec![])), "it has no tables"),
    ];
    for (place, (edit, told)) in cases.iter().enumerate() {
        let path = from.path(&format!("{place}.zip"));
        rewrite(&whole, &path, edit);
        for command in [format!("restore {path}"), format!("restore {path} --dry-run")] {
            let message = to.run(&command).await.failed();
            assert!(message.starts_with(&format!("{path} can't be restored")), "{place}: {message}");
            assert!(message.contains(told), "{place}: {message}");
        }
    }
    refuses_other_bytes(&whole, &from, &to).await;
    // All of them have left nothing behind.
    to.run(&format!("restore {whole}")).await.succeeded();
}

async fn refuses_other_bytes(whole: &str, from: &Place, to: &Place) {
    let bytes = std::fs::read(whole).unwrap();
    let path = from.path("other.zip");
    let (half, mut flipped) = (bytes.len() / 2, bytes.clone());
    // In the middle is what is packed.
    flipped[half] ^= 1;
    for other in [&bytes[..half], &bytes[..bytes.len() - 1], &flipped, b"", b"no archive"] {
        std::fs::write(&path, other).unwrap();
        let message = to.run(&format!("restore {path}")).await.failed();
        assert!(message.contains("can't be restored"), "{message}");
    }
    let message = to.run("restore nowhere.zip").await.failed();
    assert!(message.starts_with("nowhere.zip can't be read"), "{message}");
}
