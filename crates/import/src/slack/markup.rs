//! Slack's own markup, as Markdown.

use super::messages::ById;

/// What the ids in texts stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) users: ById,
    pub(super) channels: ById,
}

/// The text as Markdown. Code stays as it is.
pub(super) fn markdown(text: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        out.push_str(&prose(&rest[..at], names));
        rest = &rest[at..];
        let fence = if rest.starts_with("```") { "```" } else { "`" };
        let Some(end) = rest[fence.len()..].find(fence) else { break };
        let (code, after) = rest.split_at(end + 2 * fence.len());
        out.push_str(&if fence == "```" { block(code, &out) } else { plain(code, names) });
        rest = after;
    }
    out.push_str(&prose(rest, names));
    out
}

/// A block of code, on lines of its own: Slack asks for none.
fn block(code: &str, before: &str) -> String {
    let inside = plain(code.trim_matches('`'), &Names::default());
    let begin = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    format!("{begin}```\n{}\n```\n", inside.trim_matches('\n'))
}

/// Text without marks, with its links as they are.
fn plain(text: &str, names: &Names) -> String {
    bracketed(text, |inside| match inside.split_once('|') {
        _ if inside.starts_with(['@', '#', '!']) => reference(inside, names),
        Some((url, _)) => url.to_owned(),
        None => inside.to_owned(),
    })
}

fn prose(text: &str, names: &Names) -> String {
    let marked: Vec<String> = text.split('\n').map(|line| emphasis(&heading(line))).collect();
    bracketed(&marked.join("\n"), |inside| reference(inside, names))
}

/// A sign that begins no heading there.
fn heading(line: &str) -> String {
    if line.starts_with('#') { format!("\\{line}") } else { line.to_owned() }
}

/// `*bold*` and `~struck~` on a line; `_italic_` is the same in both.
fn emphasis(line: &str) -> String {
    [('*', "**"), ('~', "~~")].into_iter().fold(line.to_owned(), |line, (mark, markdown)| {
        let mut out = String::with_capacity(line.len());
        let mut rest = line.as_str();
        while let Some((before, inside, after)) = marked(rest, mark) {
            out.push_str(before);
            out.push_str(markdown);
            out.push_str(inside);
            out.push_str(markdown);
            rest = after;
        }
        out + rest
    })
}

/// What stands before, between and behind the next two marks that belong together: outside they touch no word, inside no space.
fn marked(text: &str, mark: char) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let begin = from + text[from..].find(mark)?;
        let inside = &text[begin + 1..];
        let touches = text[..begin].chars().next_back().is_some_and(char::is_alphanumeric);
        let ends = |(at, _): &(usize, &str)| {
            let after = inside[at + 1..].chars().next();
            let last = inside[..*at].chars().next_back();
            *at > 0
                && !last.is_some_and(|c| c.is_whitespace() || c == mark)
                && !after.is_some_and(|c| c.is_alphanumeric() || c == mark)
        };
        let opens = inside.chars().next().is_some_and(|c| !c.is_whitespace() && c != mark);
        if opens
            && !touches
            && let Some((end, _)) = inside.match_indices(mark).find(ends)
        {
            return Some((&text[..begin], &inside[..end], &inside[end + 1..]));
        }
        from = begin + 1;
    }
}

/// Replaces what stands in `<…>`, and the three signs that are escaped.
fn bracketed(text: &str, replace: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&unescaped(&rest[..at]));
        rest = &rest[at..];
        let Some(end) = rest.find('>') else { break };
        out.push_str(&replace(&rest[1..end]));
        rest = &rest[end + 1..];
    }
    out.push_str(&unescaped(rest));
    out
}

/// A person, a channel, a command, or a link.
fn reference(inside: &str, names: &Names) -> String {
    let (target, label) =
        inside.split_once('|').map_or((inside, None), |(target, label)| (target, Some(label)));
    let known = |id: &str, names: &ById| names.get(id).map(String::as_str).or(label).unwrap_or(id).to_owned();
    match target.split_at_checked(1) {
        Some(("@", id)) => format!("@{}", known(id, &names.users)),
        Some(("#", id)) => format!("#{}", known(id, &names.channels)),
        Some(("!", command)) => label.map_or_else(|| format!("@{command}"), unescaped),
        _ => {
            let url = unescaped(target);
            match label.map(unescaped) {
                Some(label) if url == format!("mailto:{label}") => label,
                Some(label) if label != url && !url.contains(['(', ')', ' ']) => {
                    format!("[{}]({url})", label.replace('[', "\\[").replace(']', "\\]"))
                }
                _ => url,
            }
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_markdown() {
        let names = Names {
            users: [("U1".to_owned(), "ana".to_owned())].into(),
            channels: [("C1".to_owned(), "general".to_owned())].into(),
        };
        for (text, expected) in [
            ("plain", "plain"),
            ("*bold* and _italic_ and ~struck~", "**bold** and _italic_ and ~~struck~~"),
            ("*two words*, 2*3*4 and * no *", "**two words**, 2*3*4 and * no *"),
            ("*a\nb*", "*a\nb*"),
            ("hi <@U1>, <@U2|bob> and <@U3>", "hi @ana, @bob and @U3"),
            ("see <#C1|x> and <#C2|random>", "see #general and #random"),
            ("<!here> <!channel> <!subteam^S1|@ops> <!date^1^x|May 1>", "@here @channel @ops May 1"),
            ("<https://a.example/?x=1&amp;y=2>", "https://a.example/?x=1&y=2"),
            ("<https://a.example|a *page*>", "[a **page**](https://a.example)"),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
            ("`*x* &lt;`", "`*x* <`"),
            ("see ```let a = *b;``` there", "see \n```\nlet a = *b;\n```\n there"),
            ("# no heading", "\\# no heading"),
            ("&gt; quoted", "> quoted"),
            ("open ` and <", "open ` and <"),
        ] {
            assert_eq!(markdown(text, &names), expected, "{text}");
        }
    }
}
