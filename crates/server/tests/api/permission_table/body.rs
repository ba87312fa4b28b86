//! What the requests of the table say.

use charla_testing::PASSWORD;
use image::ImageFormat;
use reqwest::{
    RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{scene::Scene, table::Row};
use crate::uploads::support::picture;

/// The query of a path that needs one.
pub(super) fn query(template: &str) -> &'static str {
    match template {
        "/api/v1/chat/rooms/{id}/changes/" => "?since=0",
        "/api/v1/chat/messages/search/" => "?q=hello",
        _ => "",
    }
}

/// A body that the server takes from who may send it.
pub(super) fn add(scene: &Scene, row: &Row, request: RequestBuilder) -> RequestBuilder {
    if takes_picture(row) {
        let part = Part::bytes(picture(ImageFormat::Png, 2, 2)).file_name("picture.png");
        return request.multipart(Form::new().part("file", part));
    }
    match json_body(scene, row) {
        Value::Null => request,
        body => request.json(&body),
    }
}

fn json_body(scene: &Scene, row: &Row) -> Value {
    let path = row.path.trim_start_matches("/api/v1");
    match (row.method, path) {
        ("POST", "/auth/login/") => json!({"username": "nobody", "password": PASSWORD}),
        ("POST", "/auth/login/two_factor/") => json!({"token": "spent", "code": "000000"}),
        (
            "POST",
            "/auth/two_factor/enable/" | "/auth/two_factor/disable/" | "/auth/two_factor/recovery_codes/",
        ) => {
            json!({"password": PASSWORD, "code": "000000"})
        }
        ("POST", "/auth/register/") => {
            json!({"username": "newcomer", "email": "newcomer@example.org", "password": "short"})
        }
        ("POST", "/auth/refresh/") => json!({"refresh": "spent"}),
        ("POST", "/auth/setup/") => {
            json!({"token": "x", "username": "a.b.c", "email": "a@example.org", "password": PASSWORD})
        }
        ("POST", "/auth/password/change/") => {
            json!({"old_password": PASSWORD, "new_password": "another horse battery"})
        }
        ("PATCH", "/users/me/") => json!({"bio": "Here"}),
        ("POST", "/friends/requests/" | "/blocks/" | "/chat/rooms/direct_chat/") => {
            json!({"user_id": scene.other()})
        }
        ("POST", "/chat/rooms/") => json!({"name": "Another", "room_type": "group"}),
        ("PATCH", "/chat/rooms/{id}/") => json!({"topic": "New"}),
        ("PATCH", "/chat/rooms/{id}/preferences/") => json!({"pinned": true}),
        ("POST", "/chat/rooms/{id}/members/") => json!({"user_ids": [scene.newcomer()]}),
        ("PATCH", "/chat/rooms/{id}/members/{user_id}/") => json!({"role": "admin"}),
        ("POST", "/chat/messages/") => json!({"room": scene.room, "content": "hello"}),
        ("POST", "/chat/messages/mark_read/") => json!({"message_ids": [scene.message]}),
        ("PUT" | "PATCH", "/chat/messages/{id}/") => json!({"content": "changed"}),
        ("POST", "/auth/email/verify/") => json!({"token": "spent"}),
        ("POST", "/auth/password/reset/") => json!({"email": "nobody@example.org"}),
        ("POST", "/auth/password/reset/confirm/") => {
            json!({"token": "spent", "new_password": "another horse battery"})
        }
        ("DELETE", "/users/me/") => json!({"password": PASSWORD}),
        ("POST", "/admin/invites/" | "/chat/rooms/{id}/invites/") => json!({"max_uses": 3}),
        ("POST", "/admin/users/{id}/sanctions/") => json!({"kind": "mute", "reason": "Be kind"}),
        ("PATCH", "/admin/rooms/{id}/") => json!({"topic": "New"}),
        ("PATCH", "/admin/settings/") => json!({"welcome": "Welcome"}),
        ("PATCH", "/admin/users/{id}/") => json!({"username": "renamed"}),
        ("POST", "/bots/") => json!({"username": format!("bot-{}", scene.room)}),
        ("PATCH", "/bots/{id}/") => json!({"bio": "Beep"}),
        ("POST", "/bots/{id}/tokens/") => json!({"name": "x", "scopes": ["rooms:read"]}),
        ("POST", "/reports/") => json!({"user_id": scene.other(), "reason": "spam"}),
        ("PATCH", "/admin/reports/{id}/") => json!({"outcome": "dismissed"}),
        ("PUT", "/chat/rooms/{id}/draft/") => json!({"content": "not yet"}),
        ("POST", "/chat/rooms/{id}/pins/") => json!({"message_id": scene.message}),
        _ => Value::Null,
    }
}

/// Whether the body is a form with a picture.
fn takes_picture(row: &Row) -> bool {
    matches!(row.method, "PUT" | "POST")
        && (row.path.ends_with("/avatar/") || row.path.ends_with("/uploads/"))
}
