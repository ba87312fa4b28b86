//! Markdown, rendered as HTML that is safe to insert as it is.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use charla_db::lanes::Mentions;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::{
    inline::{Inline, push_text},
    names::Names,
};

/// Quotes, lists and emphases in each other that are shown; what lies deeper stands there without them. Sanitising takes
/// the square of the depth.
const MAX_DEPTH: u32 = 16;

/// Pieces of a rendering at most. Ten thousand characters make fewer, but for tables: each row is filled up to the length
/// of the head, so that a short text can ask for millions of cells.
const MAX_EVENTS: usize = 30_000;
/// Bytes of a rendering at most, before it is sanitised. What people type stays far below; definitions of links that are
/// used a thousand times do not.
const MAX_RENDERED: usize = 128 * 1024;

/// Bytes of a rendering at most. Ten thousand characters as they were typed take fewer.
const MAX_HTML: usize = 64 * 1024;
/// Characters of the name of a language at most.
const MAX_LANGUAGE: usize = 32;

/// A message as it is shown, and whom it mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    pub mentions: Mentions,
}

/// Renders Markdown. HTML in it is shown as text; images become links, so that nobody's client fetches from strangers.
/// What would grow out of all proportion is shown as it was typed.
pub fn render(content: &str) -> String {
    render_with(content, &Names::default()).html
}

/// The same, with those of the names marked that are mentioned. What is shown as it was typed mentions nobody.
pub(super) fn render_with(content: &str, names: &Names) -> Rendered {
    if is_plain(content) {
        return Rendered { html: format!("<p>{}</p>\n", content.trim()), ..Rendered::default() };
    }
    render_in_bounds(content, names).unwrap_or_else(|| Rendered {
        html: SANITISER.clean(&as_typed(content)).to_string(),
        ..Rendered::default()
    })
}

fn render_in_bounds(content: &str, names: &Names) -> Option<Rendered> {
    let mut inline = Inline::new(names);
    let events = safe_events(content, &mut inline)?;
    let mut rendered = String::with_capacity(content.len() * 2);
    html::push_html(&mut rendered, events.into_iter());
    // Nothing is left of definitions of links.
    if rendered.len() > MAX_RENDERED || rendered.trim().is_empty() {
        return None;
    }
    let html = SANITISER.clean(&rendered).to_string();
    (html.len() <= MAX_HTML).then_some(Rendered { html, mentions: inline.mentions })
}

/// The text itself, line by line.
fn as_typed(content: &str) -> String {
    let mut events = vec![Event::Start(Tag::Paragraph)];
    push_lines(&mut events, content.trim());
    events.push(Event::End(TagEnd::Paragraph));
    let mut rendered = String::with_capacity(content.len() * 2);
    html::push_html(&mut rendered, events.into_iter());
    rendered
}

/// One line of letters, digits and plain punctuation: rendering it gives a paragraph of the same text.
pub(super) fn is_plain(content: &str) -> bool {
    let text = content.trim();
    let mut characters = text.chars();
    let begins_with_a_letter = characters.next().is_some_and(char::is_alphabetic);
    begins_with_a_letter
        && characters.all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | ';' | '?' | '¿' | '¡'))
        && !content.starts_with("    ")
        && !content.contains("  ")
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "span",
        ]))
        .generic_attributes(HashSet::new())
        .tag_attributes(
            [
                ("a", HashSet::from(["href"])),
                ("ol", HashSet::from(["start"])),
                ("code", HashSet::from(["class"])),
                ("span", HashSet::from(["data-user-id", "data-mention"])),
            ]
            .into_iter()
            .collect(),
        )
        .add_allowed_classes("span", &["mention"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("code", "class") => language(value).map(Cow::Borrowed),
            _ => Some(Cow::Borrowed(value)),
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .set_tag_attribute_value("a", "target", "_blank");
    builder
});

/// The class of a code block that names its language, and nothing else.
fn language(class: &str) -> Option<&str> {
    let name = class.strip_prefix("language-")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '.' | '_' | '-');
    ((1..=MAX_LANGUAGE).contains(&name.len()) && name.chars().all(is_name)).then_some(class)
}

/// None where there are too many.
fn safe_events<'a>(content: &'a str, inline: &mut Inline<'_>) -> Option<Vec<Event<'a>>> {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut events = Vec::new();
    // Inside a link or a code block no address is made a link.
    let mut verbatim = 0_u32;
    let mut depth = 0_u32;
    for event in merged(Parser::new_ext(content, options)) {
        if events.len() > MAX_EVENTS {
            return None;
        }
        if !continues_a_word(&event) {
            inline.interrupt();
        }
        match event {
            Event::Start(ref tag) if nests(&tag.to_end()) => {
                depth += 1;
                if depth <= MAX_DEPTH {
                    events.push(event);
                }
            }
            Event::End(ref tag) if nests(tag) => {
                if depth <= MAX_DEPTH {
                    events.push(event);
                }
                depth -= 1;
            }
            Event::Html(text) | Event::InlineHtml(text) => push_lines(&mut events, &text),
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => {
                events.pop_if(|last| matches!(last, Event::HardBreak));
                events.push(Event::End(TagEnd::Paragraph));
            }
            Event::SoftBreak => events.push(Event::HardBreak),
            Event::Start(Tag::Image { dest_url, title, id, .. }) => {
                verbatim += 1;
                events.push(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }));
            }
            Event::End(TagEnd::Image) => {
                verbatim -= 1;
                events.push(Event::End(TagEnd::Link));
            }
            Event::Start(tag @ (Tag::Link { .. } | Tag::CodeBlock(_))) => {
                verbatim += 1;
                events.push(Event::Start(tag));
            }
            Event::End(tag @ (TagEnd::Link | TagEnd::CodeBlock)) => {
                verbatim -= 1;
                events.push(Event::End(tag));
            }
            Event::Text(text) if verbatim == 0 => inline.push(&mut events, text),
            event => events.push(event),
        }
    }
    Some(events)
}

/// Whether words go on behind it: `a*b*` is one.
fn continues_a_word(event: &Event<'_>) -> bool {
    let is_emphasis = |tag: TagEnd| matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough);
    match event {
        Event::Text(_) => true,
        Event::Start(tag) => is_emphasis(tag.to_end()),
        Event::End(tag) => is_emphasis(*tag),
        _ => false,
    }
}

/// What may stand in itself without end.
fn nests(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
    )
}

/// Text as it was typed, line by line.
fn push_lines(events: &mut Vec<Event<'_>>, text: &str) {
    for line in text.split_inclusive('\n') {
        push_text(events, line.trim_end_matches('\n'));
        if line.ends_with('\n') {
            events.push(Event::HardBreak);
        }
    }
}

/// Joins neighbouring texts: the parser cuts them where an address may go on.
fn merged<'a>(parser: Parser<'a>) -> impl Iterator<Item = Event<'a>> {
    pulldown_cmark::TextMergeStream::new(parser)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_is_rendered() {
        let rows = [
            ("Hola mundo!", "<p>Hola mundo!</p>\n"),
            ("hola", "<p>hola</p>\n"),
            ("**a** _b_ ~~c~~", "<p><strong>a</strong> <em>b</em> <del>c</del></p>\n"),
            ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
            ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
            ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
            ("a <b>b</b>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n"),
            ("<div>\nx\n</div>", "<p>&lt;div&gt;<br>\nx<br>\n&lt;/div&gt;</p>\n"),
        ];
        for (content, expected) in rows {
            assert_eq!(render(content), expected, "{content}");
        }
    }

    #[test]
    fn addresses_become_links_and_code_stays_code() {
        let html = render("see https://example.org/a_b?x=1&y=2. and `https://example.org`");
        assert!(html.contains("<a href=\"https://example.org/a_b?x=1&amp;y=2\""), "{html}");
        assert!(html.contains("rel=\"noopener noreferrer nofollow ugc\""), "{html}");
        assert!(html.contains("target=\"_blank\""), "{html}");
        assert_eq!(html.matches("<a ").count(), 1, "{html}");
        assert_eq!(render("[a](https://b.example)").matches("<a ").count(), 1);
    }

    #[test]
    fn addresses_without_a_scheme_begin_with_www() {
        for (text, address, shown) in [
            ("see www.example.org/a.", "https://www.example.org/a", "www.example.org/a"),
            ("(WWW.example.org)", "https://WWW.example.org", "WWW.example.org"),
            ("HTTPS://example.org!", "HTTPS://example.org", "HTTPS://example.org"),
        ] {
            let html = render(text);
            assert!(html.contains(&format!("<a href=\"{address}\"")), "{html}");
            assert!(html.contains(&format!(">{shown}</a>")), "{html}");
        }
        for text in ["example.org", "a@www.example.org", "xwww.example.org", "`www.example.org`", "www."] {
            assert!(!render(text).contains("<a "), "{text}");
        }
        let both = render("example.org, www.example.org and https://example.org/?a=1.");
        assert_eq!(both.matches("<a ").count(), 2, "{both}");
    }

    #[test]
    fn short_names_of_emoji_become_emoji() {
        for (text, expected) in [
            (":smile:", "<p>😄</p>\n"),
            ("**:+1:** (:tada::tada:)", "<p><strong>👍</strong> (🎉🎉)</p>\n"),
            ("`:smile:`", "<p><code>:smile:</code></p>\n"),
            ("10:30:45, a:b:c, :nothing_like_it:", "<p>10:30:45, a:b:c, :nothing_like_it:</p>\n"),
            ("```\n:smile:\n```", "<pre><code>:smile:\n</code></pre>\n"),
        ] {
            assert_eq!(render(text), expected, "{text}");
        }
        let link = render("https://example.org/:smile:/x [:smile:](https://example.org)");
        assert!(link.contains(">https://example.org/:smile:/x</a>"), "{link}");
        assert!(link.contains(">:smile:</a>"), "{link}");
    }

    #[test]
    fn a_code_block_keeps_the_name_of_its_language_and_no_other_class() {
        for (text, expected) in [
            ("```rust\nx\n```", "<pre><code class=\"language-rust\">x\n</code></pre>\n"),
            ("```c++ linenos\nx\n```", "<pre><code class=\"language-c++\">x\n</code></pre>\n"),
            ("```a\"onclick=1\nx\n```", "<pre><code>x\n</code></pre>\n"),
            ("```é\nx\n```", "<pre><code>x\n</code></pre>\n"),
        ] {
            assert_eq!(render(text), expected, "{text}");
        }
        let long = render(&format!("```{}\nx\n```", "x".repeat(33)));
        assert_eq!(long, "<pre><code>x\n</code></pre>\n");
    }

    #[test]
    fn only_real_mentions_are_marked() {
        let ana = charla_protocol::UserId(uuid::Uuid::from_u128(1));
        let names = Names { people: [("ana".to_owned(), ana)].into(), everybody: true };
        let mark = |name: &str| format!("<span class=\"mention\" data-user-id=\"{ana}\">{name}</span>");
        for (text, expected) in [
            ("@Ana.", format!("<p>{}.</p>\n", mark("@Ana"))),
            ("**@ana** _@ana_", format!("<p><strong>{0}</strong> <em>{0}</em></p>\n", mark("@ana"))),
            ("(@ana)\n@ANA!", format!("<p>({})<br>\n{}!</p>\n", mark("@ana"), mark("@ANA"))),
            ("@room", "<p><span class=\"mention\" data-mention=\"room\">@room</span></p>\n".to_owned()),
        ] {
            let rendered = render_with(text, &names);
            assert_eq!(rendered.html, expected, "{text}");
            assert!(!rendered.mentions.is_empty(), "{text}");
        }
        for text in [
            "`@ana`",
            "```\n@ana\n```",
            "    @ana",
            "mail@ana",
            "ma*il*@ana",
            "@@ana",
            "-@ana",
            "@anabel",
            "@bob",
            "[@ana](https://example.org)",
            "https://example.org/@ana",
            "<span class=\"mention\" data-user-id=\"1\">x</span>",
        ] {
            let rendered = render_with(text, &names);
            assert!(!rendered.html.contains("<span"), "{text}: {}", rendered.html);
            assert!(rendered.mentions.is_empty(), "{text}");
        }
        let both = render_with("@ana @room @ana", &names).mentions;
        assert_eq!(both, Mentions { people: vec![ana], room: true });
    }

    #[test]
    fn a_hundred_people_are_mentioned_and_no_more() {
        let people =
            (0..120).map(|n| (format!("p{n:03}"), charla_protocol::UserId(uuid::Uuid::from_u128(n))));
        let names = Names { people: people.collect(), everybody: false };
        let text: String = (0..120).map(|n| format!("@p{n:03} ")).collect();
        let rendered = render_with(&format!("{text} @p000"), &names);
        assert_eq!(rendered.mentions.people.len(), 100);
        assert_eq!(rendered.html.matches("<span").count(), 101);
    }

    #[test]
    fn nothing_dangerous_gets_through() {
        for content in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "![x](https://tracker.example/pixel.gif)",
            "[x](data:text/html,<script>alert(1)</script>)",
            "<a href=\"x\" onclick=\"y\">z</a>",
            "<svg onload=alert(1)>",
            "<div style=\"position:fixed\">x</div>",
            "[x](/api/v1/auth/logout/)",
            "[x](//evil.example)",
        ] {
            let html = render(content);
            for bad in ["<script", "<img", "<svg", "<div", "href=\"javascript", "href=\"data", "href=\"/"] {
                assert!(!html.contains(bad), "{content}: {html}");
            }
        }
    }

    #[test]
    fn what_would_grow_out_of_proportion_is_shown_as_typed() {
        let head = format!("{}|\n{}|\n", "|a".repeat(800), "|-".repeat(800));
        let rows = ["|\n", "|a\n", "a|\n"].map(|row| format!("{head}{}", row.repeat(2_000)));
        let links = format!("[a]: https://example.org/{}\n\n{}", "x".repeat(3_000), "[a] ".repeat(1_500));
        for text in rows.into_iter().chain([links]) {
            let html = render(&text);
            assert!(html.len() <= MAX_HTML, "{}", html.len());
        }
        assert!(render("|a|b|\n|-|-|\n|1|2|").contains("<td>2</td>"));
    }

    #[test]
    fn nesting_has_an_end() {
        for text in [">".repeat(10_000), "- + ".repeat(2_500), "*a **b ".repeat(1_000)] {
            let html = render(&format!("{text}x"));
            assert!(html.matches('<').count() <= 4 * MAX_DEPTH as usize, "{}", html.len());
            assert!(html.contains('x'));
        }
    }

    #[test]
    fn definitions_alone_are_shown_as_typed() {
        assert_eq!(render("[todo]: done"), "<p>[todo]: done</p>\n");
        assert_eq!(render("[a]: https://a.example\n[b]: x").matches("<br").count(), 1);
    }

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_long_way_gives(content in "[a-zA-Z0-9 ,;?¿¡áñ\n#*_-]{0,40}") {
            if is_plain(&content) {
                let mut long = String::new();
                let (names, mut events) = (Names::default(), Vec::new());
                events.extend(safe_events(&content, &mut Inline::new(&names)).unwrap());
                html::push_html(&mut long, events.into_iter());
                prop_assert_eq!(render(&content), SANITISER.clean(&long).to_string());
            }
        }

        #[test]
        fn rendering_never_panics_and_leaves_no_tag_it_does_not_know(content in "\\PC{0,80}") {
            let html = render(&super::super::clean(&content));
            prop_assert_eq!(SANITISER.clean(&html).to_string(), html);
        }
    }
}
