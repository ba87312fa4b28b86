//! Stub.
pub fn me(_app: &crate::App, _user: &charla_db::tables::users::Model) -> charla_protocol::users::Me { unimplemented!() }
