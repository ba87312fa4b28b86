//! `/api/v1/admin/audit/`: what was done by the right of an office.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use charla_db::{
    queries::{
        self,
        audit::{self, Filter},
        paging::Page,
        summaries::People,
    },
    tables::audit_entries::Model,
};
use charla_protocol::{
    List, Timestamp, UserId,
    audit::{AuditAction, AuditEntry, AuditLog, AuditTarget},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::{
    csv::{self, Format},
    page,
    problems::Missing,
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, Result},
    extract::Query,
    ops,
};

const PATH: &str = "/api/v1/admin/audit/";
const COLUMNS: [&str; 10] = [
    "seq",
    "created_at",
    "actor",
    "action",
    "target_type",
    "target_id",
    "details",
    "address",
    "request_id",
    "hash",
];

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Done by this person.
    actor: Option<UserId>,
    #[param(inline)]
    action: Option<AuditAction>,
    /// Done to what has this id.
    #[param(value_type = Option<String>, format = Uuid)]
    target: Option<Uuid>,
    /// Not earlier than that.
    after: Option<Timestamp>,
    /// Earlier than that.
    before: Option<Timestamp>,
    /// With whether the whole log is as it was written, which reads all of it.
    #[serde(default)]
    verify: bool,
    /// `csv`: up to 10,000 entries; the header `Link` names what follows.
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

/// The audit log, the latest entry first: to staff.
///
/// It tells of deleted messages of others, of memberships and roles that others have changed, of invites onto the server, and of what
/// the command line did. Nothing changes an entry or takes it away; each has the hash of the one before in its own.
#[utoipa::path(get, operation_id = "list_audit_entries", path = "/api/v1/admin/audit/", tag = "admin", params(Asked), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, content((AuditLog = "application/json"), (String = "text/csv"))), Missing))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let mut ask = page::ask::<i64>(asked.limit, asked.cursor.as_deref())?;
    ops::staff::check_staff(&caller.user)?;
    if let Some(actor) = asked.actor {
        queries::users::find(app.db.read(), actor).await?.ok_or_else(Error::not_found)?;
    }
    let parameters = asked.parameters(ask.limit);
    if asked.format == Format::Csv {
        ask.limit = csv::MAX_ROWS;
    }
    let found = audit::page(app.db.read(), &asked.filter(), ask).await?;
    let ends = found.ends(|entry| entry.seq);
    let entries = shown(&app, found).await?;
    let List { results, next, previous } = page::list(&client, PATH, entries, ends, &parameters);
    if asked.format == Format::Csv {
        return Ok(csv::document(COLUMNS, results.into_iter().map(cells), next.as_deref()));
    }
    let integrity = if asked.verify { Some(audit::check(&app.db).await?) } else { None };
    Ok(axum::Json(AuditLog { results, next, previous, integrity }).into_response())
}

impl Asked {
    fn filter(&self) -> Filter {
        let Self { actor, action, target, after, before, .. } = *self;
        Filter { actor, action, target, after, before }
    }

    /// What leads to the neighbours of a page, besides the cursor.
    fn parameters(&self, limit: u64) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("limit", limit.to_string())];
        parameters.extend(self.actor.map(|actor| ("actor", actor.to_string())));
        parameters.extend(self.action.map(|action| ("action", action.as_str().to_owned())));
        parameters.extend(self.target.map(|target| ("target", target.to_string())));
        parameters.extend(self.after.map(|after| ("after", after.to_string())));
        parameters.extend(self.before.map(|before| ("before", before.to_string())));
        parameters.extend((self.format == Format::Csv).then(|| ("format", "csv".to_owned())));
        parameters
    }
}

async fn shown(app: &App, found: Page<Model>) -> Result<Vec<AuditEntry>> {
    let actors = found.rows.iter().filter_map(|entry| entry.actor_id);
    let actors = queries::summaries::of(app.db.read(), actors).await?;
    found.rows.into_iter().map(|entry| wire(entry, &actors)).collect()
}

fn wire(entry: Model, actors: &People) -> Result<AuditEntry> {
    let unknown = || Error::internal(format!("entry {} of the audit log can't be read", entry.seq));
    Ok(AuditEntry {
        seq: entry.seq,
        created_at: Timestamp::from_millis(entry.created_at),
        actor: entry.actor_id.and_then(|actor| actors.get(&actor).cloned()),
        action: AuditAction::from_name(&entry.action).ok_or_else(unknown)?,
        target_type: AuditTarget::from_name(&entry.target_type).ok_or_else(unknown)?,
        target_id: entry.target_id,
        details: serde_json::from_str(&entry.details).map_err(|_| unknown())?,
        address: entry.address.clone(),
        request_id: entry.request_id,
        hash: entry.hash.clone(),
    })
}

fn cells(entry: AuditEntry) -> [String; COLUMNS.len()] {
    [
        entry.seq.to_string(),
        entry.created_at.to_string(),
        entry.actor.map(|actor| actor.username).unwrap_or_default(),
        entry.action.as_str().to_owned(),
        entry.target_type.as_str().to_owned(),
        entry.target_id.to_string(),
        entry.details.to_string(),
        entry.address.unwrap_or_default(),
        entry.request_id.map(|id| id.to_string()).unwrap_or_default(),
        entry.hash,
    ]
}
