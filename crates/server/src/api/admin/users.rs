//! `/api/v1/admin/users/`: accounts.

use std::collections::HashMap;

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use charla_db::{
    queries::{
        self,
        admin::{
            Position,
            users::{Filter, position},
        },
    },
    tables::users::Model,
};
use charla_protocol::{
    List, Timestamp, UserId,
    admin::users::{AdminUser, AdminUserDetail, ResetLink, UpdateUser, UserRole, UserSort, UserStatus},
    sanctions::{Sanction, SanctionKind},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    super::{
        csv::{self, Format},
        page,
        problems::{Conflicting, Missing},
    },
    listing,
};
use crate::{
    App,
    auth::{Caller, ClientInfo, RequestLanguage},
    error::{Error, Result},
    extract::{Json, Path, Query},
    ops::{self, admin::users as ops_users},
};

const PATH: &str = "/api/v1/admin/users/";
const COLUMNS: [&str; 12] = [
    "id",
    "username",
    "display_name",
    "email",
    "email_verified",
    "is_active",
    "is_staff",
    "is_superuser",
    "date_joined",
    "last_seen",
    "has_two_factor",
    "sanction",
];

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// In the username, the display name or the e-mail address; or an id.
    #[serde(default)]
    #[param(max_length = 100)]
    search: String,
    #[param(inline)]
    status: Option<UserStatus>,
    #[param(inline)]
    role: Option<UserRole>,
    #[serde(default)]
    #[param(inline)]
    sort: UserSort,
    /// `csv`: up to 10,000 accounts; the header `Link` names what follows.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

impl Asked {
    /// What leads to the neighbours of a page, besides the cursor.
    fn parameters(&self, limit: u64) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("limit", limit.to_string()), ("sort", self.sort.as_str().to_owned())];
        parameters.extend((!self.search.is_empty()).then(|| ("search", self.search.clone())));
        parameters.extend(self.status.map(|status| ("status", status.as_str().to_owned())));
        parameters.extend(self.role.map(|role| ("role", role.as_str().to_owned())));
        parameters.extend((self.format == Format::Csv).then(|| ("format", "csv".to_owned())));
        parameters
    }
}

/// Accounts: to staff. Deleted ones are left out.
#[utoipa::path(get, operation_id = "list_accounts", path = "/api/v1/admin/users/", tag = "admin", params(Asked), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, content((List<AdminUser> = "application/json"), (String = "text/csv")))))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut ask = page::ask::<Position>(asked.limit, asked.cursor.as_deref())?;
    let is_by_name = matches!(asked.sort, UserSort::Username | UserSort::UsernameDescending);
    listing::check_position(&ask, is_by_name)?;
    let search = page::search_text(&asked.search)?;
    ops::staff::check_staff(&caller.user)?;
    let parameters = asked.parameters(ask.limit);
    if asked.format == Format::Csv {
        ask.limit = csv::MAX_ROWS;
    }
    let filter = Filter { search, status: asked.status, role: asked.role };
    let (db, now) = (app.db.read(), app.clock.now());
    let found = queries::admin::users::page(db, &filter, asked.sort, ask, now).await?;
    let ends = found.ends(|row| position(asked.sort, row));
    let List { results, next, previous } =
        page::list(&client, PATH, shown(&app, found.rows).await?, ends, &parameters);
    if asked.format == Format::Csv {
        return Ok(csv::document(COLUMNS, results.into_iter().map(cells), next.as_deref()));
    }
    Ok(axum::Json(List { results, next, previous }).into_response())
}

/// Accounts with what is in force against them.
async fn shown(app: &App, rows: Vec<Model>) -> Result<Vec<AdminUser>> {
    let (db, now) = (app.db.read(), app.clock.now());
    let is_sanctioned = |row: &&Model| row.muted_until.or(row.banned_until).is_some();
    let sanctioned = rows.iter().filter(is_sanctioned).map(|row| row.id);
    let mut sanctions = queries::sanctions::in_force(db, sanctioned, now).await?;
    let makers = queries::summaries::of(db, sanctions.iter().map(|row| row.created_by)).await?;
    // The weightiest last, so that it stays.
    sanctions.sort_by_key(|row| (row.kind() == SanctionKind::Ban, row.ends_at.unwrap_or(i64::MAX)));
    sanctions.retain(|row| row.kind() != SanctionKind::Warning);
    let mut sanctions: HashMap<Uuid, _> = sanctions.into_iter().map(|row| (row.user_id, row)).collect();
    let shown = rows.into_iter().map(|row| {
        let sanction = sanctions.remove(&row.id).map(|sanction| {
            let maker = makers.get(&sanction.created_by).cloned();
            sanction.wire(row.summary(), maker)
        });
        wire(row, sanction)
    });
    Ok(shown.collect())
}

fn wire(row: Model, sanction: Option<Sanction>) -> AdminUser {
    AdminUser {
        user: row.summary(),
        email_verified: row.email_verified_at.is_some(),
        is_active: row.is_active,
        is_staff: row.is_staff,
        is_superuser: row.is_superuser,
        date_joined: Timestamp::from_millis(row.date_joined),
        last_seen: row.last_seen(),
        has_two_factor: row.two_factor_at.is_some(),
        email: row.email,
        sanction,
    }
}

fn cells(user: AdminUser) -> [String; COLUMNS.len()] {
    [
        user.user.id.to_string(),
        user.user.username,
        user.user.display_name,
        user.email.unwrap_or_default(),
        user.email_verified.to_string(),
        user.is_active.to_string(),
        user.is_staff.to_string(),
        user.is_superuser.to_string(),
        user.date_joined.to_string(),
        user.last_seen.map(|at| at.to_string()).unwrap_or_default(),
        user.has_two_factor.to_string(),
        user.sanction.map(|sanction| sanction.kind.as_str().to_owned()).unwrap_or_default(),
    ]
}

/// An account, and how much it has: to staff.
#[utoipa::path(get, operation_id = "get_account", path = "/api/v1/admin/users/{id}/", tag = "admin", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = AdminUserDetail), Missing))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<axum::Json<AdminUserDetail>> {
    ops::staff::check_staff(&caller.user)?;
    Ok(axum::Json(detail(&app, id).await?))
}

async fn detail(app: &App, id: UserId) -> Result<AdminUserDetail> {
    let db = app.db.read();
    let row = queries::users::find(db, id).await?.filter(|row| row.deleted_at.is_none());
    let counts = queries::admin::users::counts(db, id, app.clock.now()).await?;
    let user = shown(app, row.into_iter().collect()).await?.pop().ok_or_else(Error::not_found)?;
    Ok(AdminUserDetail { user, counts })
}

/// Changes an account: staff; superusers alone that of staff.
///
/// Superusers alone make somebody staff, or take that away. Nobody does so to themselves, or puts themselves out of use. Who is not
/// active any more is signed out everywhere. A new address is not verified by that, and gets a mail to do so.
#[utoipa::path(patch, operation_id = "update_account", path = "/api/v1/admin/users/{id}/", tag = "admin", params(("id" = UserId, Path)), request_body = UpdateUser, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = AdminUserDetail), Missing))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Extension(language): Extension<RequestLanguage>,
    Json(body): Json<UpdateUser>,
) -> Result<axum::Json<AdminUserDetail>> {
    ops_users::update(&app, &caller, id, &body, language.get()).await?;
    Ok(axum::Json(detail(&app, id).await?))
}

/// Deletes somebody else's account, as its owner would: staff; superusers alone that of staff.
#[utoipa::path(delete, operation_id = "delete_account", path = "/api/v1/admin/users/{id}/", tag = "admin", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode> {
    ops::accounts::delete_other(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of somebody else: staff; superusers alone those of staff.
#[utoipa::path(post, operation_id = "end_sessions_of_account", path = "/api/v1/admin/users/{id}/end_sessions/", tag = "admin", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn end_sessions(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<StatusCode> {
    ops_users::end_sessions(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a link by which somebody else chooses a new password: staff; superusers alone for staff.
///
/// It is good for a day and for one time, and shown this once. Earlier ones are worth nothing from then on.
#[utoipa::path(post, operation_id = "create_reset_link", path = "/api/v1/admin/users/{id}/reset_link/", tag = "admin", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 201, body = ResetLink), Missing, Conflicting))]
pub(super) async fn reset_link(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<(StatusCode, axum::Json<ResetLink>)> {
    let link = ops_users::reset_link(&app, &caller, id).await?;
    Ok((StatusCode::CREATED, axum::Json(link)))
}
