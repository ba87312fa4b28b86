//! Texts whose words are spread as those of people are: the word of rank n comes up as often as 1/n says (Zipf's law).

/// Different words.
pub(crate) const WORDS: u64 = 30_000;
/// Words of a text: three to that many.
const LONGEST: u64 = 15;

/// Makes texts, the same ones in every run.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// Up to which fraction of all words each rank comes up.
    bounds: Vec<f64>,
    state: u64,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let mut sum = 0.0;
        let mut bounds: Vec<f64> = Vec::new();
        for rank in 1..=u32::try_from(WORDS).unwrap_or(u32::MAX) {
            sum += 1.0 / f64::from(rank);
            bounds.push(sum);
        }
        bounds.iter_mut().for_each(|bound| *bound /= sum);
        Self { bounds, state: 2026 }
    }

    pub(crate) fn text(&mut self) -> String {
        let count = 3 + self.next() % (LONGEST - 2);
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    /// A number below that, the small ones far more often.
    pub(crate) fn skewed(&mut self, below: usize) -> usize {
        (self.next().trailing_ones() as usize).min(below - 1)
    }

    fn word(&mut self) -> String {
        let at = f64::from(u32::try_from(self.next() >> 32).unwrap_or_default()) / f64::from(u32::MAX);
        word(self.bounds.partition_point(|bound| *bound < at) as u64)
    }

    /// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// The word of a rank, counted from 0. Words that come up often are short.
pub(crate) fn word(rank: u64) -> String {
    const FIRST: &[u8] = b"bcdfghjklmnprstv";
    const SECOND: &[u8] = b"aeiou";
    let syllables = (FIRST.len() * SECOND.len()) as u64;
    let (mut word, mut rest) = (String::new(), rank + 1);
    while rest > 0 {
        let syllable = usize::try_from(rest % syllables).unwrap_or_default();
        word.push(char::from(FIRST[syllable / SECOND.len()]));
        word.push(char::from(SECOND[syllable % SECOND.len()]));
        rest /= syllables;
    }
    word
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_differ_and_some_come_up_often() {
        let words: HashSet<String> = (0..WORDS).map(word).collect();
        assert_eq!(words.len() as u64, WORDS);
        let mut corpus = Corpus::new();
        let (common, texts) = (word(0), 2_000);
        let with = (0..texts).filter(|_| corpus.text().split(' ').any(|word| word == common)).count();
        assert!((texts * 4 / 10..texts * 8 / 10).contains(&with), "{with}");
    }
}
