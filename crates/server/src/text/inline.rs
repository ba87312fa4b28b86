//! What is found in running text: addresses, mentions, and the short names of emoji.

use charla_db::lanes::Mentions;
use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::names::{Meant, Names, may_begin_behind, note};

/// Characters of the short name of an emoji at most.
const MAX_SHORTCODE: usize = 48;

/// Reads the running text of a message, piece by piece.
#[derive(Debug)]
pub(super) struct Inline<'n> {
    names: &'n Names,
    pub(super) mentions: Mentions,
    /// The character before the next piece, if it is part of the same line.
    before: Option<char>,
}

impl<'n> Inline<'n> {
    pub(super) fn new(names: &'n Names) -> Self {
        Self { names, mentions: Mentions::default(), before: None }
    }

    /// What comes next does not continue the words before.
    pub(super) fn interrupt(&mut self) {
        self.before = None;
    }

    /// Makes links of the addresses in a text, and looks at what stands between them.
    pub(super) fn push<'a>(&mut self, events: &mut Vec<Event<'a>>, text: CowStr<'a>) {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]).url_must_have_scheme(!has_www(&text));
        let mut from = 0;
        for link in finder.links(&text) {
            let Some(address) = address(&text[..link.start()], link.as_str()) else { continue };
            self.push_words(events, text[from..link.start()].to_owned().into());
            events.push(Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                dest_url: address.into(),
                title: CowStr::Borrowed(""),
                id: CowStr::Borrowed(""),
            }));
            push_text(events, link.as_str());
            events.push(Event::End(TagEnd::Link));
            self.before = link.as_str().chars().next_back();
            from = link.end();
        }
        match from {
            0 => self.push_words(events, text),
            from => self.push_words(events, text[from..].to_owned().into()),
        }
    }

    fn push_words<'a>(&mut self, events: &mut Vec<Event<'a>>, text: CowStr<'a>) {
        if !text.contains(['@', ':']) {
            self.before = text.chars().next_back().or(self.before);
            if !text.is_empty() {
                events.push(Event::Text(text));
            }
            return;
        }
        let mut plain = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(c) = rest.chars().next() {
            let mut length = c.len_utf8();
            if let Some((name, meant)) = self.mention(rest) {
                length = 1 + name;
                push_text(events, &std::mem::take(&mut plain));
                push_mention(events, &rest[..length], meant);
            } else if let Some((shortcode, emoji)) = shortcode(self.before, rest) {
                length = shortcode;
                plain.push_str(emoji);
            } else {
                plain.push(c);
            }
            self.before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
        push_text(events, &plain);
    }

    /// Whom a text that begins with `@` mentions, and the bytes of the name.
    fn mention(&mut self, text: &str) -> Option<(usize, Meant)> {
        let name = text.strip_prefix('@').filter(|_| may_begin_behind(self.before))?;
        self.names.find(name).filter(|(_, meant)| note(&mut self.mentions, *meant))
    }
}

/// The text was typed by somebody; the tags around it are ours.
fn push_mention(events: &mut Vec<Event<'_>>, text: &str, meant: Meant) {
    let start = match meant {
        Meant::Everybody => "<span class=\"mention\" data-mention=\"room\">".to_owned(),
        Meant::Person(person) => format!("<span class=\"mention\" data-user-id=\"{person}\">"),
    };
    events.push(Event::InlineHtml(start.into()));
    push_text(events, text);
    events.push(Event::InlineHtml(CowStr::Borrowed("</span>")));
}

pub(super) fn push_text(events: &mut Vec<Event<'_>>, text: &str) {
    if !text.is_empty() {
        events.push(Event::Text(CowStr::from(text.to_owned())));
    }
}

fn has_www(text: &str) -> bool {
    text.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"www."))
}

/// Where a link leads: to what says so itself, and to what begins with `www.`, though not within a word or an e-mail address.
fn address(before: &str, link: &str) -> Option<String> {
    let begins = |start: &str| link.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if begins("http://") || begins("https://") {
        return Some(link.to_owned());
    }
    let is_within = before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "@.-_+/".contains(c));
    (begins("www.") && !is_within).then(|| format!("https://{link}"))
}

/// The emoji whose short name a text begins with, and the bytes of that. Within words and numbers, as in `10:30:45`, there is
/// none.
fn shortcode(before: Option<char>, text: &str) -> Option<(usize, &'static str)> {
    let is_of_a_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let rest = text.strip_prefix(':').filter(|_| !is_of_a_word(before))?;
    let is_name = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'+' | b'-');
    let length = rest.bytes().take(MAX_SHORTCODE).take_while(is_name).count();
    let behind = rest[length..].strip_prefix(':')?;
    if is_of_a_word(behind.chars().next()) {
        return None;
    }
    Some((length + 2, emojis::get_by_shortcode(&rest[..length])?.as_str()))
}
