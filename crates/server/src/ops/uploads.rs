//! Files that people bring in: attachments that wait for their message, and the pictures of people and rooms.
//!
//! A file is noted before its bytes are stored, and is for something only once they are: whatever goes wrong in between, the
//! clean-up finds what is left.

use std::{path::PathBuf, time::Duration};

use charla_db::{
    Db, Notice,
    queries::{self, access::Access},
    tables::{
        files::{self, Copy, Purpose},
        users,
    },
};
use charla_permissions::Permission;
use charla_protocol::{ErrorCode, RoomId, Timestamp, UserId, messages::Attachment};
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
    files::{self as inside, Avatar, Inspected, Received, Receiving, Seat},
    ops::retry,
    storage::Content,
};

/// How long a copy of a file may take into the storage: far less than the day after which the clean-up looks for it.
const STORING: Duration = Duration::from_secs(3600);
/// How long an upload waits for its message.
pub const WAITS: Duration = Duration::from_secs(24 * 3600);
/// Uploads of an account that may wait, and their bytes as a multiple of the largest file.
const WAITING_FILES: u64 = 100;
const WAITING_LARGEST: u64 = 20;
/// Bytes of a picture that an avatar is made of.
const AVATAR_SOURCE: u64 = 20 * 1024 * 1024;

/// Takes a file that is to become part of a message.
///
/// # Errors
/// Those of `files::receive` and `Workshop::inspect`; `too_many_requests` where too much is waiting already.
pub async fn attachment(app: &App, caller: &Caller, receiving: Receiving) -> Result<Attachment> {
    let uploader = caller.id();
    let seat = match begin(app, uploader).await {
        Ok(seat) => seat,
        Err(error) => return Err(receiving.refuse(error)),
    };
    let folder = folder(app);
    let received = inside::receive(receiving, &folder, app.settings.now().max_upload_size.value).await?;
    let name = received.name.clone();
    let inspected = app.workshop.inspect(received, folder).await?;
    let file = row(app, uploader, name, &inspected);
    let app = app.clone();
    // Who goes away now leaves nothing half done.
    let storing = async move {
        let _seat = seat;
        reserve(&app, &file).await?;
        store(&app, &file, inspected).await?;
        match retry::on_busy(|| arrive(&app.db, &file)).await {
            Ok(()) => Ok(file.attachment()),
            Err(error) => Err(without(&app, Some(&file), of_arrival(error)).await),
        }
    };
    tokio::spawn(storing.in_current_span()).await.map_err(Error::internal)?
}

/// A file without a name, where files lie until they are stored.
///
/// # Errors
/// Those of the disk.
pub fn blank(app: &App) -> std::io::Result<std::fs::File> {
    std::fs::create_dir_all(folder(app))?;
    tempfile::tempfile_in(folder(app))
}

/// Takes a file of an import, which waits for its message then: recognised and cleaned as any other. It counts in nobody's share of
/// what may wait, and its uploader need not be in use any more.
///
/// # Errors
/// Those of `Workshop::inspect`; `unavailable` where it can't be stored.
pub async fn bring(app: &App, uploader: UserId, received: Received) -> Result<files::Model> {
    let name = received.name.clone();
    let inspected = app.workshop.inspect(received, folder(app)).await?;
    let mut file = row(app, uploader, name, &inspected);
    retry::on_busy(|| note(&app.db, &file)).await?;
    store(app, &file, inspected).await?;
    match retry::on_busy(|| arrive_for(&app.db, &file)).await {
        Ok(true) => {
            Purpose::Attachment.as_str().clone_into(&mut file.purpose);
            Ok(file)
        }
        Ok(false) => Err(without(app, Some(&file), of_arrival(charla_db::Error::NotFound)).await),
        Err(error) => Err(without(app, Some(&file), error.into()).await),
    }
}

/// Replaces the caller's picture, and gives the account.
///
/// # Errors
/// Those of `files::receive` and `Workshop::avatar`.
pub async fn own_avatar(app: &App, caller: &Caller, receiving: Receiving) -> Result<users::Model> {
    let (file, seat) = avatar(app, caller.id(), receiving).await?;
    let (app, user) = (app.clone(), caller.id());
    let storing = async move {
        let _seat = seat;
        set_own(&app, user, Some(&file)).await
    };
    tokio::spawn(storing.in_current_span()).await.map_err(Error::internal)?
}

/// Takes the caller's picture away.
///
/// # Errors
/// Those of the database.
pub async fn remove_own_avatar(app: &App, caller: &Caller) -> Result<()> {
    if caller.user.avatar_id.is_some() {
        set_own(app, caller.id(), None).await?;
    }
    Ok(())
}

/// Replaces the picture of a room: its owner and admins.
///
/// # Errors
/// Those of `files::receive` and `Workshop::avatar`; `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`.
pub async fn room_avatar(app: &App, caller: &Caller, access: &Access, receiving: Receiving) -> Result<()> {
    // Before anything is read. What counts is asked again where it is written.
    if let Err(error) = access.check(Permission::EditRoom) {
        return Err(receiving.refuse(error.into()));
    }
    let room = access.room_id();
    let (file, seat) = avatar(app, caller.id(), receiving).await?;
    let (app, actor) = (app.clone(), caller.id());
    let storing = async move {
        let _seat = seat;
        set_of_room(&app, actor, room, Some(&file)).await
    };
    tokio::spawn(storing.in_current_span()).await.map_err(Error::internal)?
}

/// Takes the picture of a room away: its owner and admins.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`.
pub async fn remove_room_avatar(app: &App, caller: &Caller, room: RoomId) -> Result<()> {
    set_of_room(app, caller.id(), room, None).await
}

/// Whether somebody may upload just now; asked before anything is read.
async fn begin(app: &App, uploader: UserId) -> Result<Seat> {
    app.limits.upload(uploader)?;
    let seat = app.uploading.seat(uploader)?;
    let waiting = queries::files::waiting(app.db.read(), uploader).await?;
    check_waiting(app, waiting, 0)?;
    Ok(seat)
}

fn check_waiting(app: &App, waiting: Option<queries::files::Waiting>, more: u64) -> Result<()> {
    let Some(waiting) = waiting else { return Ok(()) };
    let most = app.settings.now().max_upload_size.value.saturating_mul(WAITING_LARGEST);
    if waiting.files < WAITING_FILES && waiting.bytes.saturating_add(more) <= most {
        return Ok(());
    }
    // Some of it is sent before that, or the oldest goes.
    let age = app.clock.now().millis() - waiting.since.millis();
    let left = WAITS.as_secs().saturating_sub(age.unsigned_abs() / 1000);
    Err(Error::too_many(left))
}

/// Notes the file before its bytes come. The uploader's row is held, so that several uploads count each other.
async fn reserve(app: &App, file: &files::Model) -> Result<()> {
    let uploader = UserId(file.uploader_id);
    let reserve = || async {
        let tx = app.db.begin().await?;
        queries::users::lock_active(&tx, uploader).await?;
        let waiting = queries::files::waiting(&tx, uploader).await?;
        if let Err(error) = check_waiting(app, waiting, file.size.unsigned_abs()) {
            return Ok(Err(error));
        }
        queries::files::insert(&tx, file.clone()).await?;
        tx.commit().await?;
        Ok(Ok(()))
    };
    retry::on_busy(reserve).await?
}

/// Puts the bytes of a file into the storage, with those of its copies.
async fn store(app: &App, file: &files::Model, inspected: Inspected) -> Result<()> {
    let Inspected { content, small, large, .. } = inspected;
    let small = small.map(|small| (Copy::Small, Content::Bytes(small.bytes)));
    let large = large.map(|large| (Copy::Large, Content::Bytes(large.bytes)));
    for (copy, content) in [Some((Copy::Whole, content)), small, large].into_iter().flatten() {
        let label = inside::label(file, copy).ok_or_else(|| Error::internal("a copy without a type"))?;
        match tokio::time::timeout(STORING, app.storage.put(file.id, copy, content, &label)).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => {
                tracing::error!(error = format!("{error:#}"), file = %file.id, "a file can't be stored");
                give_up(app, file).await;
            }
            // It may come all the same: it is looked for once a day has passed.
            Err(_) => tracing::error!(file = %file.id, "storing a file takes too long"),
        }
        app.metrics.work.files.failed.increment();
        return Err(Error { retry_after: Some(5), ..Error::new(ErrorCode::Unavailable) });
    }
    app.metrics.work.files.stored.increment();
    app.metrics.work.files.bytes.add(file.size.unsigned_abs());
    Ok(())
}

/// Lets a file wait for its message, now that its bytes are stored.
async fn arrive(db: &Db, file: &files::Model) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    queries::users::lock_active(&tx, UserId(file.uploader_id)).await?;
    if !queries::files::arrived(&tx, file.id, Purpose::Attachment).await? {
        return Err(charla_db::Error::NotFound);
    }
    Ok(tx.commit().await?)
}

async fn note(db: &Db, file: &files::Model) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    queries::files::insert(&tx, file.clone()).await?;
    Ok(tx.commit().await?)
}

/// The same for an account that need not be in use. False where the clean-up has taken the file.
async fn arrive_for(db: &Db, file: &files::Model) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    let has_arrived = queries::files::arrived(&tx, file.id, Purpose::Attachment).await?;
    tx.commit().await?;
    Ok(has_arrived)
}

/// A file that took so long that the clean-up has taken it is to be sent again.
fn of_arrival(error: charla_db::Error) -> Error {
    match error {
        charla_db::Error::NotFound => Error::new(ErrorCode::Unavailable),
        error => error.into(),
    }
}

/// Leaves a file that nobody gets to the clean-up; where even that can't be noted, it does so after a day.
async fn give_up(app: &App, file: &files::Model) {
    match retry::on_busy(|| discard(&app.db, file)).await {
        Ok(false) => {}
        // The clean-up may be through with it: whatever has come since goes here.
        Ok(true) => {
            if let Err(error) = app.storage.delete(file.id).await {
                tracing::warn!(error = format!("{error:#}"), file = %file.id, "a file is left to the clean-up");
            }
        }
        Err(error) => {
            tracing::warn!(%error, file = %file.id, "a file that is of no use stays for a day");
        }
    }
}

/// Notes that nobody wants a file, and says whether the clean-up had it already, though its bytes may have come after that. Then
/// too there is a row when this is done: who dies now leaves nothing that can't be found.
async fn discard(db: &Db, file: &files::Model) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    let was_arriving = queries::files::arrived(&tx, file.id, Purpose::Discarded).await?;
    let was_taken = !was_arriving
        && match queries::files::purpose(&tx, file.id).await? {
            // It has arrived after all: only the answer to that was lost.
            Some(Purpose::Attachment | Purpose::Avatar) => false,
            Some(Purpose::Arriving | Purpose::Discarded) => true,
            None => {
                let purpose = Purpose::Discarded.as_str().to_owned();
                queries::files::insert(&tx, files::Model { purpose, ..file.clone() }).await?;
                true
            }
        };
    tx.commit().await?;
    Ok(was_taken)
}

/// Makes an avatar of what comes, and stores it; it is nobody's yet.
async fn avatar(app: &App, uploader: UserId, receiving: Receiving) -> Result<(files::Model, Seat)> {
    let seat = match begin(app, uploader).await {
        Ok(seat) => seat,
        Err(error) => return Err(receiving.refuse(error)),
    };
    let limit = app.settings.now().max_upload_size.value.min(AVATAR_SOURCE);
    let received = inside::receive(receiving, &folder(app), limit).await?;
    let inspected = of_avatar(app.workshop.avatar(received).await?);
    let file = row(app, uploader, "avatar".to_owned(), &inspected);
    reserve(app, &file).await?;
    store(app, &file, inspected).await?;
    Ok((file, seat))
}

fn of_avatar(avatar: Avatar) -> Inspected {
    let side = i32::try_from(avatar.side).ok();
    Inspected {
        size: avatar.whole.bytes.len() as u64,
        content_type: avatar.whole.content_type.to_owned(),
        content: Content::Bytes(avatar.whole.bytes),
        width: side,
        height: side,
        thumbhash: None,
        duration_ms: None,
        small: avatar.small,
        large: None,
    }
}

/// Makes the file, or none, the person's picture.
async fn set_own(app: &App, user: UserId, file: Option<&files::Model>) -> Result<users::Model> {
    let set = || async {
        let tx = app.db.begin().await?;
        let mut row = queries::users::lock_active(&tx, user).await?;
        replace(&tx, &mut row.avatar_id, file.map(|file| file.id)).await?;
        queries::users::update(&tx, row.clone()).await?;
        tx.commit().await?;
        Ok(row)
    };
    match retry::on_busy(set).await.map_err(of_arrival) {
        Ok(row) => {
            app.tell(vec![Notice::ProfileUpdated(user)]).await;
            Ok(row)
        }
        Err(error) => Err(without(app, file, error).await),
    }
}

async fn set_of_room(app: &App, actor: UserId, room: RoomId, file: Option<&files::Model>) -> Result<()> {
    let id = file.map(|file| file.id);
    let set = app.lanes.exclusive(room, move |tx| {
        Box::pin(async move {
            let mut access = queries::access::lock(tx, room, actor).await?;
            access.check(Permission::EditRoom)?;
            let before = access.room.avatar_id;
            replace(tx, &mut access.room.avatar_id, id).await?;
            queries::rooms::update(tx, &access.room).await?;
            let is_told = before.is_some() || id.is_some();
            Ok(((), is_told.then_some(Notice::RoomUpdated(room)).into_iter().collect()))
        })
    });
    match set.await {
        Ok(()) => Ok(()),
        Err(error) => Err(without(app, file, error.into()).await),
    }
}

/// Nobody needs the picture that was there before.
async fn replace(
    tx: &charla_db::Transaction,
    place: &mut Option<Uuid>,
    file: Option<Uuid>,
) -> charla_db::Result<()> {
    if let Some(file) = file
        && !queries::files::arrived(tx, file, Purpose::Avatar).await?
    {
        return Err(charla_db::Error::NotFound);
    }
    if let Some(before) = std::mem::replace(place, file) {
        queries::files::discard(tx, before).await?;
    }
    Ok(())
}

async fn without(app: &App, file: Option<&files::Model>, error: Error) -> Error {
    if let Some(file) = file {
        give_up(app, file).await;
    }
    error
}

/// Where files lie until they are stored. They have no names there.
fn folder(app: &App) -> PathBuf {
    app.config.data_dir.join("incoming")
}

fn row(app: &App, uploader: UserId, name: String, inspected: &Inspected) -> files::Model {
    let size = |copy: &Option<inside::Copied>| {
        copy.as_ref().map(|copy| i64::try_from(copy.bytes.len()).unwrap_or(i64::MAX))
    };
    let kind = |copy: &Option<inside::Copied>| copy.as_ref().map(|copy| copy.content_type.to_owned());
    let now: Timestamp = app.clock.now();
    files::Model {
        id: app.clock.id(),
        uploader_id: uploader.0,
        purpose: Purpose::Arriving.as_str().to_owned(),
        message_id: None,
        position: 0,
        name,
        size: i64::try_from(inspected.size).unwrap_or(i64::MAX),
        content_type: inspected.content_type.clone(),
        width: inspected.width,
        height: inspected.height,
        thumbhash: inspected.thumbhash.clone(),
        created_at: now.millis(),
        duration_ms: inspected.duration_ms,
        small_size: size(&inspected.small),
        small_type: kind(&inspected.small),
        large_size: size(&inspected.large),
        large_type: kind(&inspected.large),
    }
}
