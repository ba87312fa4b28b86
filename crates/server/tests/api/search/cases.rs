//! One table of what finds what: before it is indexed and after, on each database.

use charla_protocol::rooms::Visibility;
use charla_testing::{TestServer, on_each_database};

use super::support::{find, index_all};
use crate::support::say;

/// What is said, under a name for each.
const TEXTS: &[(&str, &str)] = &[
    ("coffee", "Un CAFÉ con leche, por favor"),
    ("espresso", "cafe solo"),
    ("nandu", "El ñandú corre"),
    ("street", "Die Straße ist groß"),
    ("dotted", "İzmir'de hava güzel"),
    ("dotless", "IZMIR ve ıspanak"),
    ("tower", "東京タワーに行きました"),
    ("kyoto", "京都と東京"),
    ("beijing", "我爱北京天安门"),
    ("korean", "한국어 검색 기능"),
    ("arabic", "مرحبا بالعالم"),
    ("vowels", "السَّلامُ عليكم"),
    ("toned", "great 👍🏽"),
    ("thumb", "👍 fine"),
    ("spain", "🇪🇸 gana"),
    ("france", "🇫🇷 pierde"),
    ("family", "👩‍👩‍👧 foto"),
    ("house", "the cat is in the house"),
    ("cats", "Cats and dogs"),
    ("catalogue", "catalogue of things"),
    ("code", "call foo_bar.baz(qux) now"),
    ("url", "see https://example.org/docs/page?id=42 there"),
    ("invoice", "invoice 2026-01-31 total 3.14"),
    ("mention", "hola @ana_maria"),
    ("sql", "'; DROP TABLE messages; -- 100% _sure_"),
    ("operators", "NEAR OR AND NOT * ( ) ^ : ~"),
    ("letters", "k w z"),
    ("spanish", "¿Dónde está el baño? ¡Aquí!"),
    ("wide", "ＱＲＳ １２３"),
    ("greek", "ΟΔΟΣ και λόγος"),
    ("russian", "Ёлка зелёная"),
    ("hebrew", "שָׁלוֹם עולם"),
    ("thai", "สวัสดีครับ"),
    ("hindi", "नमस्ते दुनिया"),
    ("polish", "Łódź żółć"),
    ("narrow", "ﾊﾞﾅﾅ"),
    ("vietnamese", "Tiếng Việt"),
    ("paper", "Casa de papel en la mesa"),
    ("apostrophe", "I don't know l'eau"),
    ("steps", "uno dos tres dos cuatro"),
    ("markup", "<script>alert('boo')</script> & \"more\""),
    ("kana", "ひらがな カタカナ"),
];

/// What is looked for, and the names of what is found.
const QUERIES: &[(&str, &[&str])] = &[
    // Case and accents.
    ("café", &["coffee", "espresso"]),
    ("CAFE", &["coffee", "espresso"]),
    ("cafe\u{301}", &["coffee", "espresso"]),
    ("nandu", &["nandu"]),
    ("ÑANDÚ", &["nandu"]),
    ("donde esta", &["spanish"]),
    ("BANO", &["spanish"]),
    ("strasse", &["street"]),
    ("STRAẞE", &["street"]),
    ("groß", &["street"]),
    ("izmir", &["dotted", "dotless"]),
    ("İZMİR", &["dotted", "dotless"]),
    ("ISPANAK", &["dotless"]),
    ("qrs 123", &["wide"]),
    ("οδος", &["greek"]),
    ("ΛΟΓΟΣ", &["greek"]),
    ("елка зеленая", &["russian"]),
    ("lodz zolc", &["polish"]),
    ("tieng viet", &["vietnamese"]),
    // Scripts without spaces between words.
    ("東京", &["tower", "kyoto"]),
    ("京都", &["kyoto"]),
    ("東都", &[]),
    ("京タワ", &["tower"]),
    ("京", &["tower", "kyoto", "beijing"]),
    ("都", &["kyoto"]),
    ("北京", &["beijing"]),
    ("天安门", &["beijing"]),
    ("天门", &[]),
    ("北京 我爱", &["beijing"]),
    ("검색", &["korean"]),
    ("한국", &["korean"]),
    ("국검", &[]),
    ("ひらがな", &["kana"]),
    ("がな", &["kana"]),
    ("かな", &[]),
    ("バナナ", &["narrow"]),
    ("สวัสดี", &["thai"]),
    ("ครับ", &["thai"]),
    // Other scripts.
    ("مرحبا", &["arabic"]),
    ("السلام", &["vowels"]),
    ("שלום", &["hebrew"]),
    ("नमस्ते", &["hindi"]),
    // Emoji.
    ("👍", &["toned", "thumb"]),
    ("👍🏿", &["toned", "thumb"]),
    ("🇪🇸", &["spain"]),
    ("🇫🇷", &["france"]),
    ("👩‍👩‍👧", &["family"]),
    ("🎉", &[]),
    ("great 👍", &["toned"]),
    // Beginnings of the last word, several words, their order.
    ("cat", &["house", "cats", "catalogue"]),
    ("cats", &["cats"]),
    ("catal", &["catalogue"]),
    ("cat ", &["house", "cats", "catalogue"]),
    ("cat house", &["house"]),
    ("house cat", &["house"]),
    ("dog cat", &[]),
    ("dogs cat", &["cats"]),
    ("gue", &[]),
    // Stop words, short words.
    ("the", &["house", "url"]),
    ("\"the\"", &["house"]),
    ("de", &["dotted", "paper"]),
    ("\"de\"", &["dotted", "paper"]),
    ("in", &["house", "invoice"]),
    ("k", &["letters", "apostrophe"]),
    ("w z k", &["letters"]),
    ("is in the", &["house"]),
    // Phrases.
    ("\"con leche\"", &["coffee"]),
    ("\"leche con\"", &[]),
    ("\"CAFÉ con\" favor", &["coffee"]),
    ("\"dos cuatro\"", &["steps"]),
    ("\"uno tres\"", &[]),
    ("\"casa de pap\"", &[]),
    ("\"casa de pap", &["paper"]),
    ("“casa de papel”", &["paper"]),
    // Without.
    ("cat -dogs", &["house", "catalogue"]),
    ("cat -\"in the\"", &["cats", "catalogue"]),
    ("cafe -cafe", &[]),
    // Identifiers, addresses, numbers, names.
    ("foo", &["code"]),
    ("foo_bar", &["code"]),
    ("bar.baz", &["code"]),
    ("baz(qux)", &["code"]),
    ("bar_foo", &[]),
    ("example.org", &["url"]),
    ("https://example.org/docs", &["url"]),
    ("docs 42", &["url"]),
    ("2026-01-31", &["invoice"]),
    ("2026 total", &["invoice"]),
    ("3.14", &["invoice"]),
    ("ana_maria", &["mention"]),
    ("@ana", &["mention"]),
    ("maria", &["mention"]),
    ("don't", &["apostrophe"]),
    ("eau", &["apostrophe"]),
    // What means something to some engine.
    ("near", &["operators"]),
    ("OR", &["url", "operators"]),
    ("AND NOT", &["operators"]),
    ("NEAR(or)", &["operators"]),
    ("house OR dogs", &[]),
    ("cat*", &["house", "cats", "catalogue"]),
    ("+cats -house ~and >dogs <", &["cats"]),
    ("^cats", &["cats"]),
    ("'; DROP TABLE", &["sql"]),
    ("100%", &["sql"]),
    ("_sure_", &["sql"]),
    ("script", &["markup"]),
    ("content:cats", &[]),
    // Operators that are none.
    ("has:nothing", &[]),
    ("before:then", &[]),
    ("from:", &[]),
    // Nothing to look for.
    ("", &[]),
    ("   ", &[]),
    ("*", &[]),
    ("\"", &[]),
    ("( ) ^ : ~ < > + - %", &[]),
    ("\"\"", &[]),
];

fn name_of(text: &str) -> &'static str {
    TEXTS.iter().find(|(_, said)| *said == text).map(|(name, _)| *name).unwrap()
}

on_each_database! {
    async fn what_finds_what(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for (_, text) in TEXTS {
            say(&ana, room, text).await;
        }
        for when in ["as it was said", "indexed"] {
            let mut wrong = Vec::new();
            for (query, expected) in QUERIES {
                let found = find(&ana, query).await;
                let mut names: Vec<&str> = found.iter().map(|found| name_of(&found.message.content)).collect();
                // As they were said.
                names.reverse();
                if names != *expected || found.iter().any(|found| !found.highlight.contains("<mark>")) {
                    wrong.push((query, names));
                }
            }
            assert!(wrong.is_empty(), "{when}: {wrong:#?}");
            index_all(&server).await;
        }
    }

    /// Words longer than the index keeps are told apart by what the messages say.
    async fn very_long_words(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let (long, other) = (format!("{}y", "x".repeat(9_000)), format!("{}z", "x".repeat(300)));
        say(&ana, room, &long).await;
        say(&ana, room, &other).await;
        let many: Vec<String> = (0..1_400).map(|n| format!("w{n}")).collect();
        say(&ana, room, &many.join(" ")).await;
        let characters = "漢字仮名交じり文".repeat(1_250);
        say(&ana, room, &characters).await;
        for _ in 0..2 {
            assert_eq!(find(&ana, &"x".repeat(400)).await.len(), 1);
            assert_eq!(find(&ana, &other).await.len(), 1);
            assert_eq!(find(&ana, &"x".repeat(50)).await.len(), 2);
            assert_eq!(find(&ana, &format!("\"{}\"", "x".repeat(50))).await.len(), 0);
            let found = find(&ana, "w1399 w7 w700").await;
            assert_eq!(found.len(), 1);
            assert!(found[0].highlight.chars().count() < 400, "{}", found[0].highlight);
            assert_eq!(find(&ana, "交じり文漢字").await.len(), 1);
            index_all(&server).await;
        }
    }
}
