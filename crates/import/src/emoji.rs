//! Emoji by the names that Slack and Mattermost have for them.

use emojis::SkinTone;

/// How Slack and Mattermost name the tones of skin.
const TONES: [(&str, &str, SkinTone); 5] = [
    ("::skin-tone-2", "_light_skin_tone", SkinTone::Light),
    ("::skin-tone-3", "_medium_light_skin_tone", SkinTone::MediumLight),
    ("::skin-tone-4", "_medium_skin_tone", SkinTone::Medium),
    ("::skin-tone-5", "_medium_dark_skin_tone", SkinTone::MediumDark),
    ("::skin-tone-6", "_dark_skin_tone", SkinTone::Dark),
];

/// The emoji of a name such as `thumbsup` or `wave::skin-tone-3`; none for those that somebody has drawn themselves.
pub(crate) fn named(name: &str) -> Option<String> {
    let toned = |(slack, mattermost, tone): &(&str, &'static str, SkinTone)| {
        let name = name.strip_suffix(slack).or_else(|| name.strip_suffix(mattermost))?;
        emojis::get_by_shortcode(alias(name))?.with_skin_tone(*tone)
    };
    let emoji = TONES.iter().find_map(toned).or_else(|| emojis::get_by_shortcode(alias(name)))?;
    Some(emoji.as_str().to_owned())
}

/// Names of theirs that GitHub, whose the others are, does not know.
fn alias(name: &str) -> &str {
    match name {
        "simple_smile" => "slightly_smiling_face",
        "thumbsup_all" | "thumbs_up" => "thumbsup",
        "thumbs_down" => "thumbsdown",
        "white_frowning_face" => "frowning_face",
        "mother_christmas" => "mrs_claus",
        "knife_fork_plate" => "plate_with_cutlery",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn names() {
        for (name, expected) in [
            ("thumbsup", Some("👍")),
            ("+1", Some("👍")),
            ("+1::skin-tone-4", Some("👍🏽")),
            ("heart", Some("❤️")),
            ("wave_medium_light_skin_tone", Some("👋🏼")),
            ("wave_dark_skin_tone", Some("👋🏿")),
            ("our-logo", None),
            ("", None),
        ] {
            assert_eq!(named(name).as_deref(), expected, "{name}");
        }
    }
}
