//! Whether a password gives itself away by the account's name, in the manner of Django's `UserAttributeSimilarityValidator`.

use std::collections::HashMap;

/// From here on two texts are too similar.
const MAX_RATIO: f64 = 0.7;
/// A name is no weakness of a password that is more than so many times as long.
const MAX_SHARE: usize = 3;

/// Whether the password is like the name or like a part of it, or one of them contains the other.
/// Of an e-mail address what stands before the `@` counts as a name too.
pub(super) fn is_alike(password: &str, name: &str) -> bool {
    let password = password.to_lowercase();
    let name = name.to_lowercase();
    let local = name.split('@').next().unwrap_or_default();
    let parts = name.split(|c: char| !c.is_alphanumeric());
    [name.as_str(), local].iter().any(|whole| contains_either(&password, whole))
        || [name.as_str(), local].into_iter().chain(parts).any(|part| ratio(&password, part) >= MAX_RATIO)
}

fn contains_either(password: &str, name: &str) -> bool {
    if password.is_empty() || name.is_empty() {
        return false;
    }
    let is_a_share = name.chars().count() * MAX_SHARE >= password.chars().count();
    name.contains(password) || (password.contains(name) && is_a_share)
}

/// Twice the characters they have in common over all they have, as `SequenceMatcher.quick_ratio` counts them: from 0 to 1.
fn ratio(one: &str, other: &str) -> f64 {
    let mut left: HashMap<char, u32> = HashMap::new();
    for c in other.chars() {
        *left.entry(c).or_default() += 1;
    }
    let mut common = 0_u32;
    for c in one.chars() {
        if let Some(count) = left.get_mut(&c).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    let all = one.chars().chain(other.chars()).fold(0_u32, |count, _| count + 1);
    if all == 0 { 0.0 } else { 2.0 * f64::from(common) / f64::from(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness() {
        let rows = [
            ("bob12345", "bob", true),
            ("banana-split-9", "ana", false),
            ("alice", "alice.wonder", true),
            ("a-long-phrase-that-names-alice-too", "alice", false),
            ("aliceann99", "alice.ann@example.org", true),
            ("example1", "alice@example.org", true),
            ("tr0ub4dor&3", "alice@example.org", false),
            ("ecila.rednow", "alice.wonder", true),
            ("", "alice", false),
            ("secret-word", "", false),
            ("ÁNGELES1", "ángeles", true),
        ];
        for (password, name, expected) in rows {
            assert_eq!(is_alike(password, name), expected, "{password} / {name}");
        }
    }

    #[test]
    fn ratios() {
        assert!((ratio("abcd", "bcde") - 0.75).abs() < 1e-9);
        assert!(ratio("abc", "xyz").abs() < 1e-9);
        assert!((ratio("abc", "cab") - 1.0).abs() < 1e-9);
    }
}
