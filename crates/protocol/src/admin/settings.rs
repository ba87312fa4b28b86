//! What may change while the server runs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{auth::Registration, null, rooms::wire_names};

/// Where a setting has its value from: the later counts before the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingFrom {
    Default,
    /// Flags, environment, `.env` or `charla.toml`.
    File,
    /// Staff have set it here.
    Admin,
}

/// Who may make a public room, or make a room public.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicRoomsBy {
    #[default]
    Everybody,
    Staff,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingOf<T> {
    pub value: T,
    pub from: SettingFrom,
}

/// `GET /api/v1/admin/settings/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerSettings {
    pub registration: SettingOf<Registration>,
    /// Bytes.
    pub max_upload_size: SettingOf<u64>,
    pub public_rooms_by: SettingOf<PublicRoomsBy>,
    /// For who comes to sign in; empty for none.
    pub welcome: SettingOf<String>,
}

/// `PATCH /api/v1/admin/settings/`: what is left out stays as it is, `null` goes back to what the file says, or the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdateServerSettings {
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Registration>)]
    pub registration: Option<Option<Registration>>,
    /// Bytes.
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>, minimum = 1)]
    pub max_upload_size: Option<Option<u64>>,
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PublicRoomsBy>)]
    pub public_rooms_by: Option<Option<PublicRoomsBy>>,
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub welcome: Option<Option<String>>,
}

wire_names!(PublicRoomsBy { Everybody => "everybody", Staff => "staff" });
