//! Query strings with values that can't be.

use charla_protocol::ErrorCode;
use charla_testing::{TestServer, on_each_database};
use reqwest::Method;
use serde_json::Value;

use super::stage::{Operation, Stage, UNKNOWN, kind};

/// An id that nothing has is a question to the log as well: it outlives what it tells of.
const TARGET_OF_THE_LOG: (&str, &str) = ("/api/v1/admin/audit/", "target");

pub(super) async fn are_checked(stage: &Stage<'_>) {
    for operation in &stage.operations {
        for parameter in operation.parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            for value in wrong_values(name, &stage.resolve(&parameter["schema"])) {
                rejected(stage, operation, name, &value).await;
            }
            if stage.resolve(&parameter["schema"])["format"] == "uuid" {
                let path = format!("{}?{name}={UNKNOWN}", stage.path(&operation.template, None));
                let request = || stage.request(&operation.method, &path);
                if (operation.template.as_str(), name) == TARGET_OF_THE_LOG {
                    assert_eq!(stage.ana.send_request(request()).await.unwrap().status, 200, "{path}");
                } else {
                    stage.refused_by(operation, &path, 404, request).await;
                }
            }
        }
    }
}

async fn rejected(stage: &Stage<'_>, operation: &Operation, name: &str, value: &str) {
    let mut path = format!("{}?{name}={value}", stage.path(&operation.template, None));
    for other in &operation.parameters {
        if other["in"] == "query" && other["required"] == true && other["name"] != name {
            path.push_str(&format!("&{}=1", other["name"].as_str().unwrap()));
        }
    }
    let problem = stage.refused_by(operation, &path, 400, || stage.request(&operation.method, &path)).await;
    if name == "cursor" {
        assert_eq!(problem.code, ErrorCode::InvalidCursor, "{path}");
    } else {
        assert!(problem.errors.unwrap().contains_key(name), "{path}");
    }
}

fn wrong_values(name: &str, schema: &Value) -> Vec<String> {
    let mut values: Vec<String> = match (name, kind(schema)) {
        // What is no base64, no JSON, and no position.
        ("cursor", _) => ["!!", "x", "W10", "e30", "bnVsbA"].map(str::to_owned).into(),
        ("before" | "after" | "around", _) => ["x", "", UNKNOWN].map(str::to_owned).into(),
        (_, "integer") => ["x", "", "1.5", "99999999999999999999"].map(str::to_owned).into(),
        _ if schema["enum"].is_array() => ["x", ""].map(str::to_owned).into(),
        _ if schema["format"] == "uuid" => ["x", "", "0192f0c1"].map(str::to_owned).into(),
        _ => Vec::new(),
    };
    values.extend(schema["minimum"].as_i64().map(|least| (least - 1).to_string()));
    values.extend(schema["maximum"].as_i64().map(|most| (most + 1).to_string()));
    values.extend(schema["maxLength"].as_u64().map(|most| "x".repeat(usize::try_from(most).unwrap() + 1)));
    values
}

on_each_database! {
    async fn odd_query_strings_are_no_reason_to_fail(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        for path in [
            "/api/v1/users/?search=%00",
            "/api/v1/users/?search=%25_!%5C'%22",
            "/api/v1/users/?search=%F0%9F%8E%89",
            "/api/v1/users/?search=%ff",
            "/api/v1/chat/rooms/public/?search=%00%25",
            "/api/v1/chat/rooms/?unknown=1",
            "/api/v1/chat/rooms/?&&=",
        ] {
            assert_eq!(ana.request(Method::GET, path, None).await.unwrap().status, 200, "{path}");
        }
        for path in ["/api/v1/users/?limit=1&limit=2", "/api/v1/users/?search=a&search=b"] {
            assert_eq!(ana.request(Method::GET, path, None).await.unwrap().status, 400, "{path}");
        }
    }
}
