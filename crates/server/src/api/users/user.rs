//! `/api/v1/users/{id}/`: one person.

use axum::{Json, extract::State};
use charla_db::queries;
use charla_protocol::{UserId, users::User};

use super::super::problems::Missing;
use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
    extract::Path,
    ops::users,
};

/// One person, if their account is in use.
#[utoipa::path(get, operation_id = "get_user", path = "/api/v1/users/{id}/", tag = "users", params(("id" = UserId, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = User), Missing))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<Json<User>> {
    let user = queries::users::find(app.db.read(), id).await?;
    let user = user.filter(|user| user.is_active).ok_or_else(Error::not_found)?;
    Ok(Json(users::seen_by(&app, &caller.user, &user).await?))
}
