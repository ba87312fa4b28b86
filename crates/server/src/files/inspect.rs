//! What becomes of a file once it is here.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
};

use charla_protocol::ErrorCode;

use super::{
    length,
    picture::{self, Avatar, Cleaned, Encoded, Refusal},
    receive::Received,
    scrub,
    sniff::{self, Kind},
    workshop::{Share, Workshop},
};
use crate::{
    error::{Error, FieldError, Result},
    storage::Content,
};

/// Bytes of a picture that is read; it has to be in memory as a whole.
const LARGEST_PICTURE: u64 = 64 * 1024 * 1024;
/// Bytes that may wait in memory for the storage.
const IN_MEMORY: usize = 1024 * 1024;

/// A file as it is kept.
#[derive(Debug)]
pub struct Inspected {
    pub content: Content,
    /// Bytes.
    pub size: u64,
    pub content_type: String,
    /// Pixels, as it is shown.
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub thumbhash: Option<String>,
    pub duration_ms: Option<i64>,
    pub small: Option<Copied>,
    pub large: Option<Copied>,
}

/// A smaller copy.
pub type Copied = Encoded;

impl Workshop {
    /// Recognises a file and cleans it. `folder` is where it lies.
    ///
    /// # Errors
    /// `image_too_large`, `invalid_image`; `validation_failed` for another file that can't be cleaned.
    pub async fn inspect(&self, received: Received, folder: PathBuf) -> Result<Inspected> {
        let kind = look(&received.file).map_err(Error::internal)?;
        let share = if matches!(kind, Kind::Picture(_)) { Share::All } else { Share::One };
        let done = self.run(share, move || inspect(received, kind, &folder)).await?;
        done.unwrap_or_else(|| Err(Error::field("file", "invalid_media")))
    }

    /// Makes an avatar of a file.
    ///
    /// # Errors
    /// `validation_failed` for what is no picture, `image_too_large`, `invalid_image`.
    pub async fn avatar(&self, received: Received) -> Result<Avatar> {
        let Kind::Picture(format) = look(&received.file).map_err(Error::internal)? else {
            return Err(Error::field("file", "no_picture"));
        };
        let work = move || {
            let bytes = read(&received)?;
            drop(received);
            picture::avatar(format, bytes).map_err(refused)
        };
        self.run(Share::All, work).await?.unwrap_or_else(|| Err(refused(Refusal::Invalid)))
    }
}

fn look(file: &File) -> std::io::Result<Kind> {
    let mut head = [0; sniff::HEAD];
    let mut length = 0;
    while length < head.len() {
        match file.read_at(&mut head[length..], length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(sniff::kind(&head[..length]))
}

fn inspect(received: Received, kind: Kind, folder: &std::path::Path) -> Result<Inspected> {
    match kind {
        Kind::Picture(format) => {
            let bytes = read(&received)?;
            drop(received);
            let cleaned = picture::clean(format, bytes).map_err(refused)?;
            of_picture(cleaned, folder).map_err(Error::internal)
        }
        Kind::Boxes(content_type) => {
            let film = scrub::boxes(&received.file, received.size).map_err(|_| uncleanable(content_type))?;
            let plain = plain(received, content_type);
            let scrub::Film { duration, width, height } = film;
            Ok(Inspected { duration_ms: duration, width, height, ..plain })
        }
        Kind::Tiff(content_type) => {
            scrub::tiff(&received.file, received.size).map_err(|_| uncleanable(content_type))?;
            Ok(plain(received, content_type))
        }
        Kind::Sound(content_type) => {
            let duration_ms = length::of(&received.file, content_type);
            Ok(Inspected { duration_ms, ..plain(received, content_type) })
        }
        Kind::Other(content_type) => Ok(plain(received, content_type)),
    }
}

fn read(received: &Received) -> Result<Vec<u8>> {
    if received.size > LARGEST_PICTURE {
        return Err(refused(Refusal::TooLarge));
    }
    let mut file = &received.file;
    let mut bytes = Vec::with_capacity(usize::try_from(received.size).unwrap_or_default());
    file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).map_err(Error::internal)?;
    Ok(bytes)
}

fn plain(received: Received, content_type: &str) -> Inspected {
    Inspected {
        size: received.size,
        content: Content::File(received.file, received.size),
        content_type: content_type.to_owned(),
        width: None,
        height: None,
        thumbhash: None,
        duration_ms: None,
        small: None,
        large: None,
    }
}

fn of_picture(cleaned: Cleaned, folder: &std::path::Path) -> std::io::Result<Inspected> {
    let Encoded { bytes, content_type } = cleaned.whole;
    let size = bytes.len() as u64;
    let content = if bytes.len() > IN_MEMORY {
        let mut file = tempfile::tempfile_in(folder)?;
        file.write_all(&bytes)?;
        file.seek(SeekFrom::Start(0))?;
        Content::File(file, size)
    } else {
        Content::Bytes(bytes)
    };
    Ok(Inspected {
        content,
        size,
        content_type: content_type.to_owned(),
        width: i32::try_from(cleaned.width).ok(),
        height: i32::try_from(cleaned.height).ok(),
        thumbhash: Some(cleaned.thumbhash),
        duration_ms: None,
        small: cleaned.small,
        large: cleaned.large,
    })
}

fn refused(refusal: Refusal) -> Error {
    let limits = picture::LIMITS;
    let (code, field) = match refusal {
        Refusal::Invalid => (ErrorCode::InvalidImage, FieldError::new("file", "invalid_image")),
        Refusal::TooLarge => {
            let field = FieldError::new("file", "image_too_large")
                .with("side", limits.side)
                .with("megapixels", limits.megapixels)
                .with("frames", limits.frames)
                .with("all", limits.all_megapixels)
                .with("bytes", LARGEST_PICTURE >> 20);
            (ErrorCode::ImageTooLarge, field)
        }
    };
    Error { code, ..Error::fields(vec![field]) }
}

fn uncleanable(content_type: &str) -> Error {
    match content_type.starts_with("image/") {
        true => refused(Refusal::Invalid),
        false => Error::field("file", "invalid_media"),
    }
}
