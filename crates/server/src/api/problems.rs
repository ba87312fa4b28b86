//! The refusals of endpoints, for the OpenAPI document. Each is described once, and the operations refer to it.
//!
//! A handler names only what is its own (`Missing`, `Conflicting`, …). What any operation of its kind may answer, `Common`
//! adds to all of them.

use std::collections::BTreeMap;

use charla_protocol::Problem;
use utoipa::{
    IntoResponses, Modify, PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, Header, HeaderBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Response,
        ResponseBuilder, Type, path::Operation, security::SecurityRequirement,
    },
};

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal: $text:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let described = Ref::from_response_name(stringify!($name));
                    BTreeMap::from([($status.to_string(), described.into())])
                }
            }
        )+

        /// The name, status and description of each.
        const ALL: &[(&str, u16, &str)] = &[$((stringify!($name), $status, $text)),+];
    };
}

problems! {
    /// 400.
    Rejected = 400: "Malformed, rejected by validation, or sent to a host that this server does not answer for";
    /// 401.
    Unauthenticated = 401: "Not authenticated";
    /// 403.
    Refused = 403: "Seen, but not allowed; or the account is disabled; or cookies came from a site that is not allowed";
    /// 404.
    Missing = 404: "Not there, or not to be seen by you";
    /// 409.
    Conflicting = 409: "Does not fit the present state";
    /// 413.
    TooLarge = 413: "Too large";
    /// 415.
    WrongType = 415: "The body is of another media type";
    /// 416.
    OutOfRange = 416: "The file has no such bytes";
    /// 429.
    TooOften = 429: "Too often";
    /// 500.
    Failed = 500: "Something went wrong on the server; its log names the request";
    /// 503.
    Unavailable = 503: "Not available just now";
}

/// Describes the refusals, adds to each operation those that it has in common with others, and gives every answer a description.
#[derive(Clone, Copy, Debug)]
pub struct Common;

impl Modify for Common {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_default();
        for (name, status, text) in ALL {
            components.responses.insert((*name).to_owned(), described(*status, text).into());
        }
        for item in openapi.paths.paths.values_mut() {
            for (operation, is_safe) in operations(item) {
                add_common(operation, is_safe);
            }
        }
    }
}

fn described(status: u16, text: &str) -> Response {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let response = ResponseBuilder::new().description(text).content("application/problem+json", problem);
    match status {
        401 => response.header("WWW-Authenticate", header(String::schema(), "`Bearer`")),
        429 | 503 => response.header("Retry-After", header(seconds(), "Seconds to wait before trying again")),
        _ => response,
    }
    .build()
}

fn header(schema: RefOr<utoipa::openapi::Schema>, text: &str) -> Header {
    HeaderBuilder::new().schema(Some(schema)).description(Some(text)).build()
}

fn seconds() -> RefOr<utoipa::openapi::Schema> {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).into()
}

/// The operations of a path, and whether their method is a safe one.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let safe = [&mut item.get, &mut item.head].into_iter().flatten().map(|operation| (operation, true));
    let others = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    safe.chain(others.into_iter().flatten().map(|operation| (operation, false)))
}

fn add_common(operation: &mut Operation, is_safe: bool) {
    let is_open =
        operation.security.as_ref().is_none_or(|needs| needs.contains(&SecurityRequirement::default()));
    add::<Rejected>(operation);
    if !is_open {
        add::<Unauthenticated>(operation);
    }
    // Cookies count for an unsafe method wherever they come along.
    if !is_open || !is_safe {
        add::<Refused>(operation);
    }
    if operation.request_body.is_some() {
        add::<TooLarge>(operation);
        add::<WrongType>(operation);
    }
    add::<Failed>(operation);
    add::<Unavailable>(operation);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            plain_success(status).clone_into(&mut response.description);
        }
    }
}

/// What a success is called that has no more to say than its body.
fn plain_success(status: &str) -> &'static str {
    match status {
        "201" => "Made",
        "204" => "Done",
        _ => "As asked for",
    }
}

fn add<T: IntoResponses>(operation: &mut Operation) {
    operation.responses.responses.extend(T::responses());
}
