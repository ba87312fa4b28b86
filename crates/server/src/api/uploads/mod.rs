//! `/api/v1/chat/uploads/`, and the forms of all endpoints that take a file.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, State},
};
use charla_protocol::messages::Attachment;
use http::StatusCode;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problems::TooOften;
use crate::{
    App,
    auth::Caller,
    deadline,
    error::{Error, Result},
    files::Receiving,
    ops,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload))
}

/// A form with a file.
#[derive(Debug, ToSchema)]
pub struct FileForm {
    /// Its bytes.
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "it describes the form; the file itself is streamed")]
    file: Vec<u8>,
}

/// A form that has not been read, and who sends it.
#[derive(Debug)]
pub struct Form<A> {
    pub sender: A,
    pub receiving: Receiving,
}

impl<A: FromRequestParts<App, Rejection = Error>> FromRequest<App> for Form<A> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let sender = A::from_request_parts(&mut parts, app).await;
        // What is left takes as long as the file is large.
        deadline::waive(&parts.extensions);
        let receiving = Receiving::new(Request::from_parts(parts, body));
        match sender {
            Ok(sender) => Ok(Self { sender, receiving }),
            Err(error) => Err(receiving.refuse(error)),
        }
    }
}

/// Brings in a file. It becomes part of the one message that names its id in `attachment_ids`; until then its uploader alone can
/// read it, and after 24 hours it is deleted. Pictures are turned the right way up, and what a picture, a film or a HEIC file
/// says of where and with what it was made is dropped. At most 100 files wait, and as many bytes as 20 of the largest.
#[utoipa::path(post, operation_id = "upload", path = "/api/v1/chat/uploads/", tag = "media",
    request_body(content = FileForm, content_type = "multipart/form-data"), security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = Attachment), TooOften))]
async fn upload(State(app): State<App>, form: Form<Caller>) -> Result<(StatusCode, Json<Attachment>)> {
    let attachment = ops::uploads::attachment(&app, &form.sender, form.receiving).await?;
    Ok((StatusCode::CREATED, Json(attachment)))
}
