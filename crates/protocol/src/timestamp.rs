//! Times on the wire: RFC 3339, UTC, `Z`, milliseconds.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};
use utoipa::ToSchema;

/// The first and the last moment that RFC 3339 can write: its years have four digits.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

/// A text that is no RFC 3339 time of the years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp;

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-20T19:16:22.123Z")]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Seconds since the Unix epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment and `millis` milliseconds more.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(time: OffsetDateTime) -> Self {
        Self(i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let format =
            format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        let time =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0.clamp(FIRST, LAST)) * 1_000_000)
                .map_err(|_| std::fmt::Error)?;
        f.write_str(&time.to_offset(UtcOffset::UTC).format(format).map_err(|_| std::fmt::Error)?)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map(Self::from).map_err(|_| InvalidTimestamp)?;
        if (FIRST..=LAST).contains(&time.0) { Ok(time) } else { Err(InvalidTimestamp) }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("expected an RFC 3339 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_with_milliseconds_and_read_from_any_offset() {
        let time: Timestamp = "2024-01-01T12:00:00.5+02:00".parse().unwrap();
        assert_eq!(time.to_string(), "2024-01-01T10:00:00.500Z");
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2024-01-01T10:00:00.500Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>("\"2024-01-01T10:00:00.500Z\"").unwrap(), time);
    }

    #[test]
    fn refuses_what_is_no_time() {
        assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
        assert!(serde_json::from_str::<Timestamp>("12").is_err());
        assert!("9999-12-31T23:59:59-23:59".parse::<Timestamp>().is_err());
        assert!("0000-01-01T00:00:00+23:59".parse::<Timestamp>().is_err());
    }

    #[test]
    fn whatever_is_stored_can_be_written() {
        for millis in [i64::MIN, i64::MAX] {
            assert!(serde_json::to_string(&Timestamp::from_millis(millis)).is_ok());
        }
    }
}
