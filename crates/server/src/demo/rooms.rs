//! Where the people of the demo meet.

use charla_protocol::rooms::Visibility::{self, Private, Public};

use super::conversations::Talk;

/// Among a group's members: everybody who is not named.
pub(super) const OTHERS: &str = "*";

/// One group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) topic: &'static str,
    pub(super) visibility: Visibility,
    /// By username: the owner first, then an admin.
    pub(super) members: &'static [&'static str],
    /// How many of them, counted from the end, came when the room was some weeks old.
    pub(super) latecomers: usize,
    /// All that is written of these is said here.
    pub(super) talks: &'static [Talk],
    /// Minutes since the last one.
    pub(super) quiet: i64,
    pub(super) has_picture: bool,
}

pub(super) const GROUPS: [Group; 10] = [
    Group {
        name: "Plaza",
        topic: "Where everybody meets · Donde nos vemos todos",
        visibility: Public,
        members: &[OTHERS],
        latecomers: 3,
        talks: &[Talk::PlazaEn, Talk::PlazaEs],
        quiet: 2,
        has_picture: true,
    },
    Group {
        name: "Release train",
        topic: "Shipping every second Thursday. Freeze on Tuesday, no excuses.",
        visibility: Private,
        members: &["oliver", "lucia", "maya", "ethan", "priya", "callum", "sam", "mateo"],
        latecomers: 0,
        talks: &[Talk::Release],
        quiet: 17,
        has_picture: true,
    },
    Group {
        name: "Taller de código",
        topic: "Errores, dudas y alguna que otra victoria. Pegad el código, no capturas.",
        visibility: Public,
        members: &["mateo", "lucia", "javi", "tomas", "diego", "ines", "sam", "andres"],
        latecomers: 1,
        talks: &[Talk::Code],
        quiet: 44,
        has_picture: false,
    },
    Group {
        name: "Cocina de casa",
        topic: "Recetas que salen. Y las que no, también. 🥘",
        visibility: Public,
        members: &["carmen", "noelia", "valentina", "ramon", "paula", "lucia", "ines", "freya", "maya"],
        latecomers: 2,
        talks: &[Talk::Kitchen],
        quiet: 9,
        has_picture: true,
    },
    Group {
        name: "Book club",
        topic: "One book a month, first Wednesday, biscuits mandatory",
        visibility: Public,
        members: &["nora", "hannah", "zoe", "theo", "maya", "freya", "priya", "paula"],
        latecomers: 2,
        talks: &[Talk::Books],
        quiet: 95,
        has_picture: true,
    },
    Group {
        name: "Fútbol de los jueves",
        topic: "Jueves a las 20:30, campo 3. Si no puedes venir, avisa.",
        visibility: Private,
        members: &["diego", "andres", "javi", "tomas", "ramon", "mateo", "valentina"],
        latecomers: 0,
        talks: &[Talk::Football],
        quiet: 33,
        has_picture: false,
    },
    Group {
        name: "Weekend outside",
        topic: "Hikes, picnics, swims and the weather forecast",
        visibility: Public,
        members: &["callum", "freya", "marcus", "hannah", "sam", "ethan", "zoe", "theo", "ines", "oliver"],
        latecomers: 3,
        talks: &[Talk::Outside],
        quiet: 140,
        has_picture: true,
    },
    Group {
        name: "Piso Calle Luna 14",
        topic: "Cuentas, turnos y quién se ha comido mi yogur",
        visibility: Private,
        members: &["paula", "andres", "noelia", "mateo"],
        latecomers: 0,
        talks: &[Talk::Flat],
        quiet: 6,
        has_picture: false,
    },
    Group {
        name: "Tándem · Language tandem",
        topic: "Corrige con cariño, correct with care",
        visibility: Public,
        members: &[
            "ines",
            "zoe",
            "lucia",
            "mateo",
            "paula",
            "oliver",
            "maya",
            "sam",
            "freya",
            "valentina",
            "marcus",
        ],
        latecomers: 2,
        talks: &[Talk::Tandem],
        quiet: 61,
        has_picture: true,
    },
    Group {
        name: "Fotos · Photos",
        topic: "One picture a day, no filters · Una foto al día, sin filtros",
        visibility: Public,
        members: &["marcus", "valentina", OTHERS],
        latecomers: 1,
        talks: &[Talk::PhotosEn, Talk::PhotosEs],
        quiet: 25,
        has_picture: true,
    },
];

/// Two people who write to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Direct {
    pub(super) pair: [&'static str; 2],
    pub(super) talk: Talk,
    /// About how many messages, where there is so much to say that is new to both.
    pub(super) messages: usize,
    /// Minutes since the last one.
    pub(super) quiet: i64,
}

const fn direct(pair: [&'static str; 2], talk: Talk, messages: usize, quiet: i64) -> Direct {
    Direct { pair, talk, messages, quiet }
}

pub(super) const DIRECTS: [Direct; 18] = [
    direct(["lucia", "mateo"], Talk::DirectEs, 60, 12),
    direct(["lucia", "oliver"], Talk::DirectEn, 60, 5),
    direct(["lucia", "ines"], Talk::DirectEs, 40, 190),
    direct(["lucia", "zoe"], Talk::DirectEn, 40, 1500),
    direct(["lucia", "carmen"], Talk::DirectEs, 24, 75),
    direct(["mateo", "paula"], Talk::DirectEs, 50, 22),
    direct(["diego", "andres"], Talk::DirectEs, 48, 480),
    direct(["maya", "priya"], Talk::DirectEn, 64, 37),
    direct(["nora", "hannah"], Talk::DirectEn, 42, 260),
    direct(["callum", "freya"], Talk::DirectEn, 56, 14),
    direct(["zoe", "theo"], Talk::DirectEn, 40, 900),
    direct(["valentina", "noelia"], Talk::DirectEs, 44, 130),
    direct(["ramon", "carmen"], Talk::DirectEs, 40, 310),
    direct(["javi", "tomas"], Talk::DirectEs, 36, 55),
    direct(["sam", "marcus"], Talk::DirectEn, 36, 640),
    direct(["ethan", "priya"], Talk::DirectEn, 30, 205),
    direct(["ines", "paula"], Talk::DirectEs, 30, 2100),
    direct(["maya", "oliver"], Talk::DirectEn, 30, 410),
];
