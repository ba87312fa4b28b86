//! One set of migrations for all three databases. A migration that has been released is never edited.

mod m0001_people;
mod m0002_rooms;
mod m0003_messages;
mod m0004_files;
mod m0005_friends;
mod m0006_reactions;
mod m0007_uploads;
mod m0008_mail;
mod m0009_room_extras;
mod m0010_search;
mod m0011_clearings;
mod m0012_statistics;
mod m0013_read_marks;
mod m0014_imports;
mod m0015_two_factor;
mod m0016_audit;
mod m0018_sanctions;
mod m0020_reports;
mod m0021_user_lists;
mod m0022_room_lists;
mod m0031_bots;
mod m0032_replies;
mod m0033_senders;
mod m0034_slow_mode;

use sea_orm_migration::prelude::*;

/// The migrations in the order in which they are applied.
#[derive(Debug)]
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_rooms::Migration),
            Box::new(m0003_messages::Migration),
            Box::new(m0004_files::Migration),
            Box::new(m0005_friends::Migration),
            Box::new(m0006_reactions::Migration),
            Box::new(m0007_uploads::Migration),
            Box::new(m0008_mail::Migration),
            Box::new(m0009_room_extras::Migration),
            Box::new(m0010_search::Migration),
            Box::new(m0011_clearings::Migration),
            Box::new(m0012_statistics::Migration),
            Box::new(m0013_read_marks::Migration),
            Box::new(m0014_imports::Migration),
            Box::new(m0015_two_factor::Migration),
            Box::new(m0016_audit::Migration),
            Box::new(m0018_sanctions::Migration),
            Box::new(m0020_reports::Migration),
            Box::new(m0021_user_lists::Migration),
            Box::new(m0022_room_lists::Migration),
            Box::new(m0031_bots::Migration),
            Box::new(m0032_replies::Migration),
            Box::new(m0033_senders::Migration),
            Box::new(m0034_slow_mode::Migration),
        ]
    }
}

/// Creates an index, named after its table and `name`.
async fn index(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    columns: &[&str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("{table}_{name}")).table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    manager.create_index(index.to_owned()).await
}
