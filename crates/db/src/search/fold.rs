//! Folding: what is left of a piece of text without case, accents and forms.

use unicode_normalization::UnicodeNormalization;

/// Adds the folded form of one grapheme cluster. Nothing, for what only shapes its neighbours.
///
/// Case goes through upper case first: ß and SS, ς and Σ, ı and I are the same letters.
pub(super) fn fold_into(folded: &mut String, cluster: &str) {
    if let [byte] = cluster.as_bytes() {
        folded.push(char::from(byte.to_ascii_lowercase()));
        return;
    }
    let cased = cluster.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let bare = cased.nfd().filter(|c| !is_accent(*c) && !is_shaping(*c));
    for c in bare.nfc() {
        match plain_letters(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
}

/// Marks that Latin, Greek, Cyrillic, Hebrew and Arabic letters are read without. Those of other scripts are letters of
/// their own: か is not が.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{0591}'..='\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}')
}

/// What only says how its neighbours are to be drawn: joiners of letters, soft hyphens, tatweel, variation selectors, tones of skin.
fn is_shaping(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{0640}' | '\u{180E}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Letters whose stroke or ligature Unicode does not take apart.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        // The capital one has no other upper case.
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_text_are_one() {
        for (text, expected) in [
            ("É", "e"),
            ("e\u{301}", "e"),
            ("ñ", "n"),
            ("ß", "ss"),
            ("ẞ", "ss"),
            ("İ", "i"),
            ("ı", "i"),
            ("ς", "σ"),
            ("Ａ", "a"),
            ("ﬁ", "fi"),
            ("ø", "o"),
            ("Æ", "ae"),
            ("Ё", "е"),
            ("が", "が"),
            ("か\u{3099}", "が"),
            ("ﾊﾞ", "バ"),
            ("أ", "ا"),
            ("ـ", ""),
            ("한", "한"),
            ("👍🏽", "👍"),
            ("❤️", "❤"),
            ("\u{AD}", ""),
        ] {
            let mut folded = String::new();
            fold_into(&mut folded, text);
            assert_eq!(folded, expected, "{text}");
        }
    }
}
