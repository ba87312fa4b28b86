//! The words that people see: each is there in both languages, with the same figures in it, and none is there for nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use charla_protocol::{ErrorCode, users::Language};
use charla_server::{i18n, mail::Kind};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The names of the figures in each text, by its key.
type Words = BTreeMap<String, BTreeSet<String>>;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn words(language: Language) -> Words {
    let folder = crates().join("server/locales").join(language.as_str());
    let mut words = Words::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for entry in fluent_syntax::parser::parse(text.as_str()).expect("it can be read").body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
                other => panic!("{other:?}"),
            };
            let mut figures = BTreeSet::new();
            in_pattern(&message.value.expect("a text"), &mut figures);
            assert!(message.attributes.is_empty(), "{}", message.id.name);
            let old = words.insert(message.id.name.to_owned(), figures);
            assert_eq!(old, None, "{} is there twice", message.id.name);
        }
    }
    words
}

fn in_pattern(pattern: &Pattern<&str>, figures: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, figures);
        }
    }
}

fn in_expression(expression: &Expression<&str>, figures: &mut BTreeSet<String>) {
    match expression {
        Expression::Select { selector, variants } => {
            in_inline(selector, figures);
            variants.iter().for_each(|variant| in_pattern(&variant.value, figures));
        }
        Expression::Inline(inline) => in_inline(inline, figures),
    }
}

fn in_inline(expression: &InlineExpression<&str>, figures: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => drop(figures.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => in_expression(expression, figures),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("{other:?}"),
    }
}

/// The sources of the server and of the database, without their tests.
fn sources() -> String {
    let mut folders = vec![crates().join("server/src"), crates().join("db/src")];
    let mut all = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(path).unwrap();
                all.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
            }
        }
    }
    all
}

/// What stands between quotation marks, up to the end of the call.
fn literals(call: &str) -> Vec<&str> {
    let end = call.find(';').unwrap_or(call.len());
    call[..end].split('"').skip(1).step_by(2).collect()
}

/// The reasons for which fields are refused, as they stand in the sources.
fn reasons(sources: &str) -> BTreeSet<String> {
    let mut reasons: BTreeSet<String> = BTreeSet::new();
    for call in ["FieldError::new(", "Error::field("] {
        for (at, _) in sources.match_indices(call) {
            let rest = &sources[at + call.len()..];
            let arguments = &rest[..rest.find(')').unwrap()];
            // The reason is the last argument; the field may be a literal too.
            if let Some(last) = arguments.rsplit(',').find(|part| !part.trim().is_empty())
                && let Some(reason) = literals(last).first()
            {
                reasons.insert((*reason).to_owned());
            }
        }
    }
    for (at, _) in sources.match_indices("reason: \"") {
        reasons.extend(literals(&sources[at..]).first().map(|reason| (*reason).to_owned()));
    }
    reasons
}

#[test]
fn both_languages_say_the_same_with_the_same_figures() {
    assert_eq!(words(Language::En), words(Language::Es));
}

#[test]
fn every_code_and_every_reason_has_its_words() {
    let words = words(Language::En);
    let mut needed: Vec<String> = Vec::new();
    for code in ErrorCode::ALL {
        let key = i18n::code_key(code);
        needed.extend(["title", "detail", "meaning"].map(|part| format!("{part}-{key}")));
    }
    let reasons = reasons(&sources());
    assert!(
        reasons.len() > 15 && reasons.contains("taken") && reasons.contains("unknown_user"),
        "{reasons:?}"
    );
    needed.extend(reasons.iter().map(|reason| format!("field-{}", reason.replace('_', "-"))));
    for kind in Kind::ALL {
        let name = kind.as_str().replace('_', "-");
        needed.extend(["subject", "text", "otherwise"].map(|part| format!("mail-{name}-{part}")));
    }
    needed.extend(["mail-reset-link", "mail-verify-link"].map(str::to_owned));
    for key in needed {
        assert!(words.contains_key(&key), "{key}");
    }
}

#[test]
fn no_word_is_there_for_nothing() {
    let sources = sources();
    let codes: Vec<String> = ErrorCode::ALL.into_iter().map(i18n::code_key).collect();
    let kinds = Kind::ALL.map(|kind| kind.as_str().replace('_', "-"));
    for key in words(Language::En).into_keys() {
        let (family, rest) = key.split_once('-').unwrap();
        let of_mail = |name: &String| {
            rest.strip_prefix(name.as_str())
                .is_some_and(|rest| ["-subject", "-text", "-otherwise", "-link"].contains(&rest))
        };
        let is_used = match family {
            "title" | "detail" | "meaning" => codes.iter().any(|code| code == rest),
            "field" => sources.contains(&format!("\"{}\"", rest.replace('-', "_"))),
            "mail" if kinds.iter().any(of_mail) => true,
            _ => sources.contains(&format!("\"{key}\"")),
        };
        assert!(is_used, "{key} is said nowhere");
    }
}

#[test]
fn figures_stand_in_the_words() {
    for language in [Language::En, Language::Es] {
        let text = i18n::text(language, "field-too-long", &vec![("max", "64".to_owned())]);
        assert!(text.contains("64") && !text.contains('{'), "{text}");
    }
}

/// It words system messages itself.
#[test]
fn the_web_client_says_what_happened_in_the_same_words() {
    let holes = ["actor", "user", "name"].map(|name| (name, format!("{{{name}}}"))).to_vec();
    let of_system: Vec<String> =
        words(Language::En).into_keys().filter(|key| key.starts_with("system-")).collect();
    assert_eq!(of_system.len(), 5);
    for language in [Language::En, Language::Es] {
        let path = crates().join("../web/src/lib/i18n").join(language.as_str()).join("timeline.ts");
        let dictionary = fs::read_to_string(path).unwrap();
        for key in &of_system {
            let name = key.trim_start_matches("system-").replace('-', "_");
            let entry = format!("'system.{name}': '{}',", i18n::text(language, key, &holes));
            assert!(dictionary.contains(&entry), "{entry}");
        }
    }
}
