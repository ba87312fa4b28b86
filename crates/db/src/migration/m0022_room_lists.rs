//! What staff list groups by.

use sea_orm_migration::prelude::*;

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0022_room_lists"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "rooms", "type_name", &["room_type", "name_key", "id"], false).await?;
        index(manager, "rooms", "type_created", &["room_type", "created_at", "id"], false).await?;
        index(manager, "rooms", "type_members", &["room_type", "member_count", "id"], false).await
    }
}
