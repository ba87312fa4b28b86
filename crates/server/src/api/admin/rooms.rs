//! `/api/v1/admin/rooms/`: groups, never what is said in them.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use charla_db::{
    queries::{
        self,
        admin::{
            Position,
            rooms::{Filter, position},
        },
    },
    tables::rooms::Model,
};
use charla_protocol::{
    List, RoomId, Timestamp,
    admin::rooms::{AdminRoom, RoomSort, UpdateAdminRoom},
    rooms::{RoomType, Visibility},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    super::{
        csv::{self, Format},
        page,
        problems::Missing,
    },
    listing,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::{Json, Path, Query},
    ops::{self, admin::rooms as ops_rooms},
};

const PATH: &str = "/api/v1/admin/rooms/";
const COLUMNS: [&str; 10] = [
    "id",
    "name",
    "topic",
    "visibility",
    "is_active",
    "created_at",
    "creator",
    "participant_count",
    "message_count",
    "last_message_at",
];

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// In the name; or an id.
    #[serde(default)]
    #[param(max_length = 100)]
    search: String,
    #[param(inline)]
    visibility: Option<Visibility>,
    /// Whether those that are open, or those that are closed.
    is_active: Option<bool>,
    #[serde(default)]
    #[param(inline)]
    sort: RoomSort,
    /// `csv`: up to 10,000 groups; the header `Link` names what follows.
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
        parameters.extend(self.visibility.map(|visibility| ("visibility", visibility.as_str().to_owned())));
        parameters.extend(self.is_active.map(|is_active| ("is_active", is_active.to_string())));
        parameters.extend((self.format == Format::Csv).then(|| ("format", "csv".to_owned())));
        parameters
    }
}

/// Groups: to staff. Direct rooms are left out.
#[utoipa::path(get, operation_id = "list_all_rooms", path = "/api/v1/admin/rooms/", tag = "admin", params(Asked), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, content((List<AdminRoom> = "application/json"), (String = "text/csv")))))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut ask = page::ask::<Position>(asked.limit, asked.cursor.as_deref())?;
    let is_by_name = matches!(asked.sort, RoomSort::Name | RoomSort::NameDescending);
    listing::check_position(&ask, is_by_name)?;
    let search = page::search_text(&asked.search)?;
    ops::staff::check_staff(&caller.user)?;
    let parameters = asked.parameters(ask.limit);
    if asked.format == Format::Csv {
        ask.limit = csv::MAX_ROWS;
    }
    let filter = Filter { search, visibility: asked.visibility, is_active: asked.is_active };
    let found = queries::admin::rooms::page(app.db.read(), &filter, asked.sort, ask).await?;
    let ends = found.ends(|row| position(asked.sort, row));
    let List { results, next, previous } =
        page::list(&client, PATH, shown(&app, found.rows).await?, ends, &parameters);
    if asked.format == Format::Csv {
        return Ok(csv::document(COLUMNS, results.into_iter().map(cells), next.as_deref()));
    }
    Ok(axum::Json(List { results, next, previous }).into_response())
}

async fn shown(app: &App, rows: Vec<Model>) -> Result<Vec<AdminRoom>> {
    let db = app.db.read();
    let creators = queries::summaries::of(db, rows.iter().filter_map(|row| row.created_by)).await?;
    let counts = queries::admin::rooms::message_counts(db, rows.iter().map(|row| row.id)).await?;
    let shown = rows.into_iter().map(|row| AdminRoom {
        id: RoomId(row.id),
        room_type: row.room_type(),
        visibility: row.visibility(),
        is_active: row.is_active,
        created_at: Timestamp::from_millis(row.created_at),
        creator: row.created_by.and_then(|creator| creators.get(&creator).cloned()),
        participant_count: row.member_count.unsigned_abs(),
        message_count: counts.get(&row.id).copied().unwrap_or_default(),
        last_message_at: row.last_message_id.map(|_| Timestamp::from_millis(row.last_activity_at)),
        name: row.name.unwrap_or_default(),
        topic: row.topic,
    });
    Ok(shown.collect())
}

fn cells(room: AdminRoom) -> [String; COLUMNS.len()] {
    [
        room.id.to_string(),
        room.name,
        room.topic,
        room.visibility.as_str().to_owned(),
        room.is_active.to_string(),
        room.created_at.to_string(),
        room.creator.map(|creator| creator.username).unwrap_or_default(),
        room.participant_count.to_string(),
        room.message_count.to_string(),
        room.last_message_at.map(|at| at.to_string()).unwrap_or_default(),
    ]
}

/// A group: to staff.
#[utoipa::path(get, operation_id = "get_any_room", path = "/api/v1/admin/rooms/{id}/", tag = "admin", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = AdminRoom), Missing))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<axum::Json<AdminRoom>> {
    ops::staff::check_staff(&caller.user)?;
    Ok(axum::Json(one(&app, id).await?))
}

async fn one(app: &App, id: RoomId) -> Result<AdminRoom> {
    let row = queries::rooms::find(app.db.read(), id).await?;
    let row = row.filter(|row| row.room_type() == RoomType::Group);
    shown(app, row.into_iter().collect()).await?.pop().ok_or_else(Error::not_found)
}

/// Changes a group: staff. A new name is reported in it.
#[utoipa::path(patch, operation_id = "update_any_room", path = "/api/v1/admin/rooms/{id}/", tag = "admin", params(("id" = RoomId, Path)), request_body = UpdateAdminRoom, security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = AdminRoom), Missing))]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
    Json(body): Json<UpdateAdminRoom>,
) -> Result<axum::Json<AdminRoom>> {
    ops_rooms::update(&app, &caller, id, &body).await?;
    Ok(axum::Json(one(&app, id).await?))
}

/// Closes a group: staff. From then on it can be read, but not changed.
#[utoipa::path(delete, operation_id = "close_any_room", path = "/api/v1/admin/rooms/{id}/", tag = "admin", params(("id" = RoomId, Path)), security(("bearer" = []), ("cookie" = [])),
    responses((status = 204), Missing))]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RoomId>,
) -> Result<StatusCode> {
    ops_rooms::close(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
