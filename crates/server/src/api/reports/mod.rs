//! `/api/v1/reports/`.

use axum::extract::State;
use charla_protocol::reports::{CreateReport, ReportReceipt};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::problems::{Missing, TooOften};
use crate::{App, auth::Caller, error::Result, extract::Json, ops};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Reports a message, or a person, to staff: 201, or 200 where the caller has done so before. Staff see what the message says.
#[utoipa::path(post, operation_id = "report", path = "/api/v1/reports/", tag = "users", request_body = CreateReport, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = ReportReceipt, description = "It was reported already"), (status = 201, body = ReportReceipt, description = "Reported"), Missing, TooOften))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<CreateReport>,
) -> Result<(StatusCode, axum::Json<ReportReceipt>)> {
    let (receipt, is_new) = ops::reports::create(&app, &caller, &body).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(receipt)))
}
