//! Methods that a path does not have.

use charla_protocol::ErrorCode;
use http::header;
use reqwest::Method;

use super::stage::Stage;

const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE];

pub(super) async fn are_checked(stage: &Stage<'_>) {
    let mut templates: Vec<&str> = stage.operations.iter().map(|operation| &*operation.template).collect();
    templates.dedup();
    for template in templates {
        let of_path = stage.operations.iter().filter(|operation| operation.template == template);
        let known: Vec<&Method> = of_path.map(|operation| &operation.method).collect();
        for method in METHODS.iter().filter(|method| !known.contains(method)) {
            not_allowed(stage, template, method, &known).await;
        }
    }
}

/// 405, which lists those that there are.
async fn not_allowed(stage: &Stage<'_>, template: &str, method: &Method, known: &[&Method]) {
    let path = stage.path(template, None);
    let what = format!("{method} {path}");
    let problem = stage.refused(&what, 405, || stage.request(method, &path)).await;
    assert_eq!(problem.code, ErrorCode::MethodNotAllowed, "{what}");
    let answer = stage.ana.send_request(stage.request(method, &path)).await.unwrap();
    let allowed = answer.header(header::ALLOW.as_str()).unwrap_or_else(|| panic!("{what}"));
    let mut allowed: Vec<&str> = allowed.split(',').map(str::trim).filter(|name| *name != "HEAD").collect();
    let mut known: Vec<&str> = known.iter().map(|method| method.as_str()).collect();
    allowed.sort_unstable();
    known.sort_unstable();
    assert_eq!(allowed, known, "{what}");
}
