//! Messages that become part of their room together.

use charla_db::{
    queries::{
        self,
        imports::{self, NewMessage},
    },
    tables::messages,
};
use charla_protocol::{RoomId, UserId};
use charla_server::{App, ops::retry};

use super::{reading::Reading, rooms::Target};

/// New messages of one room in their order, and who has read each, when.
#[derive(Debug, Default)]
pub(super) struct Batch {
    messages: Vec<NewMessage>,
    reads: Vec<Reads>,
}

pub(super) type Reads = Vec<(UserId, Option<i64>)>;

impl Batch {
    pub(super) fn push(&mut self, message: NewMessage, reads: Reads) {
        self.messages.push(message);
        self.reads.push(reads);
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn files(&self) -> usize {
        self.messages.iter().map(|message| message.files.len()).sum()
    }

    /// Writes it in one transaction.
    ///
    /// # Errors
    /// Those of the database; then nothing of it is written.
    pub(super) async fn store(&self, app: &App, target: &Target) -> anyhow::Result<()> {
        if self.messages.is_empty() {
            return Ok(());
        }
        Ok(retry::on_busy(|| self.write(app, target)).await?)
    }

    async fn write(&self, app: &App, target: &Target) -> charla_db::Result<()> {
        let tx = app.db.begin().await?;
        let mut room = queries::access::lock_room(&tx, RoomId(target.id)).await?;
        let before = room.last_seq;
        let rows: Vec<messages::Model> = imports::append(&tx, &mut room, &self.messages).await?;
        if target.knows_reads {
            let Reading { cursors, steps } = Reading::of(target, &rows, &self.reads);
            imports::read(&tx, target.id, &cursors, &steps).await?;
        } else {
            imports::spare(&tx, target.id, before, room.last_seq).await?;
        }
        Ok(tx.commit().await?)
    }
}
