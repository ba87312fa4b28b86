//! Bodies that are no JSON, too large, of another type; members that lack, or are of the wrong form.

use charla_protocol::{ErrorCode, Problem};
use http::header;
use serde_json::{Value, json};

use super::stage::{Operation, Stage, UNKNOWN, is_nullable, kind};

pub(super) async fn are_checked(stage: &Stage<'_>) {
    for operation in &stage.operations {
        if let Some(schema) = &operation.body {
            as_a_whole(stage, operation, schema).await;
            members(stage, operation, schema).await;
        }
    }
}

async fn as_a_whole(stage: &Stage<'_>, operation: &Operation, schema: &Value) {
    let method = &operation.method;
    let path = stage.path(&operation.template, None);
    for body in ["{\"a\":", "{} x", "", "[]", "\"text\"", "1", "\u{0}", "{\"a\":1,}"] {
        // A body that is not needed may be empty.
        let is_needed = !["/refresh/", "/invites/"].iter().any(|end| operation.template.ends_with(end));
        if is_needed || !body.is_empty() {
            let problem = stage.refused_by(operation, body, 400, || stage.json(method, &path, body)).await;
            // Of nothing at all it can be said what lacks.
            let is_lacking = body.is_empty() && schema["required"].is_array();
            let code = if is_lacking { ErrorCode::ValidationFailed } else { ErrorCode::MalformedBody };
            assert_eq!(problem.code, code, "{} {body:?}", operation.name());
        }
    }
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
        let request = || stage.request(method, &path).header(header::CONTENT_TYPE, content_type).body("{}");
        stage.refused_by(operation, content_type, 415, request).await;
    }
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    stage.refused_by(operation, "too large", 413, || stage.json(method, &path, large.clone())).await;
}

async fn members(stage: &Stage<'_>, operation: &Operation, schema: &Value) {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !required.is_empty() {
        let problem = rejected(stage, operation, json!({})).await;
        let named: Vec<String> = problem.errors.unwrap().into_keys().collect();
        assert!(named.len() == required.len() && named.iter().all(|name| required.contains(&name.as_str())));
    }
    for (name, member) in schema["properties"].as_object().unwrap() {
        let with = |value: Value| {
            let mut body = stage.good_body(schema);
            body[name] = value;
            body
        };
        let resolved = stage.resolve(member);
        let wrong = if kind(&resolved) == "object" { json!([]) } else { json!({ "wrong": 1.5 }) };
        for wrong in [wrong, json!(1.5)] {
            assert_named(name, rejected(stage, operation, with(wrong)).await);
        }
        if !is_nullable(member) {
            assert_named(name, rejected(stage, operation, with(Value::Null)).await);
        }
        for outside in outside_bounds(stage, &resolved) {
            // The first administrator's link is looked at before anything else.
            if !operation.template.ends_with("/setup/") {
                assert_named(name, rejected(stage, operation, with(outside)).await);
            }
        }
        if is_id(&resolved) || is_id(&stage.resolve(&resolved["items"])) {
            let id = if is_id(&resolved) { json!(UNKNOWN) } else { json!([UNKNOWN]) };
            unknown_id(stage, operation, with(id)).await;
        }
    }
}

/// What is a little shorter or longer than the schema says.
fn outside_bounds(stage: &Stage<'_>, schema: &Value) -> Vec<Value> {
    let bound = |name: &str| schema[name].as_u64().map(|bound| usize::try_from(bound).unwrap());
    let text = |length: usize| json!("x".repeat(length));
    let items = |count: usize| json!(vec![stage.good("", &schema["items"]); count]);
    let mut values = Vec::new();
    values.extend(bound("minLength").map(|least| text(least - 1)));
    values.extend(bound("maxLength").map(|most| text(most + 1)));
    values.extend(bound("minItems").map(|least| items(least - 1)));
    values.extend(bound("maxItems").map(|most| items(most + 1)));
    values
}

/// A member that can't be: 400 with its name.
async fn rejected(stage: &Stage<'_>, operation: &Operation, body: Value) -> Problem {
    let path = stage.path(&operation.template, None);
    let body = body.to_string();
    let request = || stage.json(&operation.method, &path, &*body);
    let problem = stage.refused_by(operation, &body, 400, request).await;
    assert_eq!(problem.code, ErrorCode::ValidationFailed, "{} {body}", operation.name());
    problem
}

fn assert_named(name: &str, problem: Problem) {
    let errors = problem.errors.unwrap();
    assert!(errors.keys().any(|field| field.split(['.', '[']).next() == Some(name)), "{name}: {errors:?}");
}

/// What a path would answer with 404 is 400 in a list of several, or where it is only a part of what is asked for.
async fn unknown_id(stage: &Stage<'_>, operation: &Operation, mut body: Value) {
    if operation.template.ends_with("/chat/messages/") {
        body["content"] = json!("x");
    }
    let name = operation.template.rsplit('/').find(|part| !part.is_empty());
    let is_whole =
        matches!(name, Some("mark_read" | "direct_chat" | "requests" | "blocks" | "pins" | "reports"))
            || body["room"] == UNKNOWN;
    let path = stage.path(&operation.template, None);
    let body = body.to_string();
    let request = || stage.json(&operation.method, &path, &*body);
    stage.refused_by(operation, &body, if is_whole { 404 } else { 400 }, request).await;
}

fn is_id(schema: &Value) -> bool {
    schema["format"] == "uuid"
}
