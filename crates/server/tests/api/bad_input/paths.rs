//! Ids in paths that nothing has, or that are none; and who may not ask at all.

use charla_protocol::ErrorCode;
use reqwest::Method;
use serde_json::json;

use super::stage::{Operation, Stage, UNKNOWN};

pub(super) async fn are_checked(stage: &Stage<'_>) {
    for operation in &stage.operations {
        for parameter in &operation.parameters {
            let is_id = stage.resolve(&parameter["schema"])["format"] == "uuid";
            if parameter["in"] == "path" && is_id {
                for id in [UNKNOWN, "nonsense", "%00", "%ff"] {
                    not_there(stage, operation, (parameter["name"].as_str().unwrap(), id)).await;
                }
            }
        }
        if !operation.is_open {
            not_for_strangers(stage, operation).await;
        }
    }
    for path in ["/api/v1/nothing/", "/api/v1/chat/rooms/nothing/more/", "/api/", "/api/docs/nothing/"] {
        stage.refused(path, 404, || stage.request(&Method::GET, path)).await;
    }
}

async fn not_there(stage: &Stage<'_>, operation: &Operation, id: (&str, &str)) {
    let path = stage.path(&operation.template, Some(id));
    let body = operation.body.as_ref().map(|schema| stage.good_body(schema).to_string());
    let request = || match &body {
        Some(body) => stage.json(&operation.method, &path, body.clone()),
        None => stage.request(&operation.method, &path),
    };
    let problem = stage.refused_by(operation, &path, 404, request).await;
    assert_eq!(problem.code, ErrorCode::NotFound, "{path}");
}

async fn not_for_strangers(stage: &Stage<'_>, operation: &Operation) {
    let path = stage.path(&operation.template, None);
    let request = || stage.strangers_request(&operation.method, &path).json(&json!({}));
    let problem = stage.refused_by(operation, "without credentials", 401, request).await;
    assert_eq!(problem.code, ErrorCode::NotAuthenticated, "{path}");
}
