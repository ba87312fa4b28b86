//! The JSON of an export, as far as it is of use.

use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) deleted: bool,
    pub(super) is_bot: bool,
    pub(super) is_admin: bool,
    pub(super) is_owner: bool,
    pub(super) profile: Profile,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) real_name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) title: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) name: String,
    /// Seconds since 1970.
    pub(super) created: Option<i64>,
    pub(super) creator: Option<String>,
    pub(super) is_archived: bool,
    pub(super) members: Vec<String>,
    pub(super) topic: Words,
    pub(super) purpose: Words,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Words {
    pub(super) value: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub(super) subtype: Option<String>,
    pub(super) user: Option<String>,
    pub(super) bot_id: Option<String>,
    pub(super) text: Option<String>,
    pub(super) ts: String,
    pub(super) thread_ts: Option<String>,
    pub(super) edited: Option<Edited>,
    pub(super) reactions: Vec<Reaction>,
    pub(super) files: Vec<File>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Edited {
    pub(super) ts: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reaction {
    pub(super) name: String,
    pub(super) users: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) permalink: Option<String>,
}

/// A `ts` such as `1714557600.123456`, in milliseconds.
pub(super) fn millis(ts: &str) -> Option<i64> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let millis = seconds.parse::<i64>().ok()?.checked_mul(1000)?;
    (millis > 0).then_some(millis + digits.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn times() {
        assert_eq!(millis("1714557600.123456"), Some(1_714_557_600_123));
        assert_eq!(millis("1714557600.1"), Some(1_714_557_600_100));
        assert_eq!(millis("1714557600"), Some(1_714_557_600_000));
        for bad in ["", "x", "0000000000.000000", "99999999999999999999.0", "1714557600.x"] {
            assert_eq!(millis(bad), None, "{bad}");
        }
    }
}
