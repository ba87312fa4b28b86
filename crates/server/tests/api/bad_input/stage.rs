//! The operations of the document, with what is there to call them on.

use charla_client::Client;
use charla_protocol::{MessageId, Problem, RoomId, UserId, rooms::Visibility};
use charla_testing::TestServer;
use http::header;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{say, superuser};

/// A good id that nothing has.
pub(super) const UNKNOWN: &str = "0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e";

/// Ana, her room with Bob in it, what she said there, and all that the server can do.
pub(super) struct Stage<'a> {
    server: &'a TestServer,
    pub(super) ana: Client,
    bob: UserId,
    pub(super) room: RoomId,
    pub(super) message: MessageId,
    pub(super) operations: Vec<Operation>,
    document: Value,
}

/// One documented operation.
pub(super) struct Operation {
    pub(super) method: Method,
    /// With `{…}` in it.
    pub(super) template: String,
    pub(super) parameters: Vec<Value>,
    /// The form of its JSON body, where it takes one.
    pub(super) body: Option<Value>,
    /// The answers that it names.
    responses: Value,
    /// Whether it asks for nobody's credentials.
    pub(super) is_open: bool,
}

impl Operation {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }
}

impl<'a> Stage<'a> {
    pub(super) async fn set(server: &'a TestServer) -> Self {
        // Else the right to ask would be looked at before what is asked.
        let ana = superuser(server, "ana").await;
        let (_, bob) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob]).await.id;
        let message = say(&ana, room, "x").await.id;
        let document = ana.request(Method::GET, "/api/openapi.json", None).await.unwrap().json().unwrap();
        let bob = bob.user.id;
        let mut stage = Self { server, ana, bob, room, message, operations: Vec::new(), document };
        stage.operations = stage.read_operations();
        assert!(stage.operations.len() > 30, "{}", stage.operations.len());
        stage
    }

    fn read_operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (template, item) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                operations.push(Operation {
                    method: method.to_uppercase().parse().unwrap(),
                    template: template.clone(),
                    parameters,
                    body: body.is_object().then(|| self.resolve(body)),
                    responses: operation["responses"].clone(),
                    is_open: operation["security"].as_array().unwrap().contains(&json!({})),
                });
            }
        }
        operations
    }

    /// The schema itself, where there is a reference to it or `null` beside it.
    pub(super) fn resolve(&self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.document.pointer(name.trim_start_matches('#')).unwrap().clone();
        }
        let others = schema["oneOf"].as_array().into_iter().flatten();
        match others.into_iter().find(|other| other["type"] != "null") {
            Some(other) => self.resolve(other),
            None => schema.clone(),
        }
    }

    /// The path with what is there; `replaced` is put in for the parameter of that name.
    pub(super) fn path(&self, template: &str, replaced: Option<(&str, &str)>) -> String {
        let mut path = template.to_owned();
        if let Some((name, value)) = replaced {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let id = if template.contains("/messages/{id}") {
            self.message.to_string()
        } else {
            self.room.to_string()
        };
        path.replace("{id}", &id)
            .replace("{user_id}", &self.bob.to_string())
            .replace("{message_id}", &self.message.to_string())
            .replace("{token_id}", UNKNOWN)
            .replace("{code}", "no-such-code")
            .replace("{name}", "a.png")
    }

    /// A value that the server would take for a member of a body.
    pub(super) fn good(&self, name: &str, schema: &Value) -> Value {
        let schema = self.resolve(schema);
        match name {
            "room" => return json!(self.room),
            "user_id" => return json!(self.bob),
            "message_id" => return json!(self.message),
            "room_type" => return json!("group"),
            _ => {}
        }
        match (kind(&schema), schema["enum"].get(0), schema["format"].as_str()) {
            (_, Some(first), _) => first.clone(),
            (_, _, Some("uuid")) => json!(UNKNOWN),
            (_, _, Some("date-time")) => json!("2026-01-01T00:00:00.000Z"),
            ("array", ..) => json!([self.good("", &schema["items"])]),
            ("boolean", ..) => json!(true),
            ("integer", ..) => json!(1),
            ("object", ..) => json!({}),
            _ => json!("x"),
        }
    }

    /// The body with no more than its required members.
    pub(super) fn good_body(&self, schema: &Value) -> Value {
        let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Value::Object(
            names.map(|name| (name.to_owned(), self.good(name, &schema["properties"][name]))).collect(),
        )
    }

    pub(super) fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        self.ana.request_builder(method.clone(), path).unwrap()
    }

    pub(super) fn json(&self, method: &Method, path: &str, body: impl Into<String>) -> RequestBuilder {
        self.request(method, path).header(header::CONTENT_TYPE, "application/json").body(body.into())
    }

    /// Asks as nobody.
    pub(super) fn strangers_request(&self, method: &Method, path: &str) -> RequestBuilder {
        self.server.anonymous().request_builder(method.clone(), path).unwrap()
    }

    /// The same as `refused`, for an operation that says it may answer so. `input` is what was wrong.
    pub(super) async fn refused_by(
        &self,
        operation: &Operation,
        input: &str,
        status: u16,
        request: impl Fn() -> RequestBuilder,
    ) -> Problem {
        let what = format!("{} {input}", operation.name());
        assert!(operation.responses[status.to_string()].is_object(), "{what}: {status} is not documented");
        self.refused(&what, status, request).await
    }

    /// Sends the request in both languages, sees to it that it is refused with `status` in each, and gives the English problem.
    pub(super) async fn refused(
        &self,
        what: &str,
        status: u16,
        request: impl Fn() -> RequestBuilder,
    ) -> Problem {
        let english = self.refused_in("en", what, status, request()).await;
        let spanish = self.refused_in("es", what, status, request()).await;
        assert_eq!(english.code, spanish.code, "{what}");
        assert_ne!(english.detail, spanish.detail, "{what}");
        assert_ne!(english.title, spanish.title, "{what}");
        let names = |problem: &Problem| {
            problem.errors.iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&english), names(&spanish), "{what}");
        assert!(english.errors.is_none() || english.errors != spanish.errors, "{what}: {english:?}");
        english
    }

    async fn refused_in(&self, language: &str, what: &str, status: u16, request: RequestBuilder) -> Problem {
        let request = request.header(header::ACCEPT_LANGUAGE, language);
        let answer = self.ana.send_request(request).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, status, "{what}: {text}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
        assert_eq!(answer.header("content-language"), Some(language), "{what}");
        let problem: Problem = answer.json().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((problem.status, problem.code.status()), (status, status), "{what}");
        assert!(!problem.detail.is_empty() && !problem.detail.starts_with("detail-"), "{what}");
        problem
    }

    /// Sees to it that no refusal has changed anything.
    pub(super) async fn is_untouched(&self) {
        let room = self.ana.room(self.room).await.unwrap();
        assert_eq!((room.revision, room.participant_count, room.is_active), (1, 2, true));
        assert_eq!(self.ana.message(self.message).await.unwrap().content, "x");
        assert_eq!(self.ana.rooms().await.unwrap().results.len(), 1);
    }
}

/// The type of a schema that may be null as well.
pub(super) fn kind(schema: &Value) -> &str {
    let types = schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str);
    types.into_iter().find(|kind| *kind != "null").or(schema["type"].as_str()).unwrap_or_default()
}

/// Whether `null` will do.
pub(super) fn is_nullable(schema: &Value) -> bool {
    let null = json!("null");
    schema["type"] == null
        || schema["type"].as_array().is_some_and(|types| types.contains(&null))
        || schema["oneOf"].as_array().is_some_and(|others| others.iter().any(is_nullable))
}
