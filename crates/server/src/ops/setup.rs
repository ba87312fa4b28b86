//! Stub.
pub async fn begin(_app: &crate::App) -> anyhow::Result<Option<String>> { Ok(None) }
