//! What a table comes to, whatever order its rows come in.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How many rows there are, and the exclusive or of the SHA-256 of their lines. No two rows of a table are equal, so none takes
/// another one out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub rows: u64,
    /// In hexadecimal digits.
    #[serde(with = "hex::serde")]
    sha256: [u8; 32],
}

impl Digest {
    /// Adds the row of a line, which is without its line feed.
    pub fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        for (byte, other) in self.sha256.iter_mut().zip(Sha256::digest(line)) {
            *byte ^= other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Digest {
        let mut digest = Digest::default();
        lines.iter().for_each(|line| digest.add(line.as_bytes()));
        digest
    }

    #[test]
    fn the_order_does_not_count_and_everything_else_does() {
        assert_eq!(of(&["a", "b", "c"]), of(&["c", "a", "b"]));
        for other in [&["a", "b"][..], &["a", "b", "d"], &["a", "b", "c", "c", "c"], &[]] {
            assert_ne!(of(&["a", "b", "c"]), of(other));
        }
    }

    #[test]
    fn it_is_written_in_hexadecimal_digits() {
        let written = serde_json::to_string(&of(&["abc"])).unwrap();
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(written, format!(r#"{{"rows":1,"sha256":"{sha256}"}}"#));
        assert_eq!(serde_json::from_str::<Digest>(&written).unwrap(), of(&["abc"]));
        assert!(serde_json::from_str::<Digest>(r#"{"rows":1,"sha256":"ñ"}"#).is_err());
    }
}
