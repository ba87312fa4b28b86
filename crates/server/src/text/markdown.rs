//! Markdown, rendered as HTML that is safe to insert as it is.

use std::{collections::HashSet, sync::LazyLock};

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

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

/// Renders Markdown. HTML in it is shown as text; images become links, so that nobody's client fetches from strangers.
/// What would grow out of all proportion is shown as it was typed.
pub fn render(content: &str) -> String {
    if is_plain(content) {
        return format!("<p>{}</p>\n", content.trim());
    }
    let rendered = render_in_bounds(content).map(|rendered| SANITISER.clean(&rendered).to_string());
    let rendered = rendered.filter(|rendered| rendered.len() <= MAX_HTML);
    rendered.unwrap_or_else(|| SANITISER.clean(&as_typed(content)).to_string())
}

fn render_in_bounds(content: &str) -> Option<String> {
    let events = safe_events(content)?;
    let mut rendered = String::with_capacity(content.len() * 2);
    html::push_html(&mut rendered, events.into_iter());
    (rendered.len() <= MAX_RENDERED).then_some(rendered)
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
        ]))
        .generic_attributes(HashSet::new())
        .tag_attributes(
            [("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))].into_iter().collect(),
        )
        .add_allowed_classes("code", &[] as &[&str])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .set_tag_attribute_value("a", "target", "_blank");
    builder
});

/// None where there are too many.
fn safe_events(content: &str) -> Option<Vec<Event<'_>>> {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut events = Vec::new();
    // Inside a link or a code block no address is made a link.
    let mut verbatim = 0_u32;
    let mut depth = 0_u32;
    for event in merged(Parser::new_ext(content, options)) {
        if events.len() > MAX_EVENTS {
            return None;
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
            Event::Text(text) if verbatim == 0 => push_linked(&mut events, text),
            event => events.push(event),
        }
    }
    Some(events)
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

/// Makes links of the addresses in a text.
fn push_linked<'a>(events: &mut Vec<Event<'a>>, text: CowStr<'a>) {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut from = 0;
    for link in finder.links(&text) {
        let address = link.as_str();
        if !(address.starts_with("http://") || address.starts_with("https://")) {
            continue;
        }
        push_text(events, &text[from..link.start()]);
        events.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: CowStr::from(address.to_owned()),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        push_text(events, address);
        events.push(Event::End(TagEnd::Link));
        from = link.end();
    }
    match from {
        0 => events.push(Event::Text(text)),
        from => push_text(events, &text[from..]),
    }
}

fn push_text(events: &mut Vec<Event<'_>>, text: &str) {
    if !text.is_empty() {
        events.push(Event::Text(CowStr::from(text.to_owned())));
    }
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

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_long_way_gives(content in "[a-zA-Z0-9 ,;?¿¡áñ\n#*_-]{0,40}") {
            if is_plain(&content) {
                let mut long = String::new();
                html::push_html(&mut long, safe_events(&content).unwrap().into_iter());
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
