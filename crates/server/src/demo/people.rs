//! Who lives in the demo.

use charla_db::{fold, tables::users};
use charla_protocol::{Timestamp, users::Language};
use uuid::Uuid;

/// Everybody's password.
pub(super) const PASSWORD: &str = "charla-demo";

const DAY: i64 = 24 * 60 * 60 * 1000;

/// One inhabitant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) username: &'static str,
    pub(super) display_name: &'static str,
    /// The language they write.
    pub(super) language: Language,
    /// Whether they write the other one as well.
    pub(super) is_bilingual: bool,
    bio: &'static str,
}

const fn es(username: &'static str, display_name: &'static str, bio: &'static str) -> Person {
    Person { username, display_name, language: Language::Es, is_bilingual: false, bio }
}

const fn en(username: &'static str, display_name: &'static str, bio: &'static str) -> Person {
    Person { username, display_name, language: Language::En, is_bilingual: false, bio }
}

const fn both(person: Person) -> Person {
    Person { is_bilingual: true, ..person }
}

/// Everybody; the first is the administrator.
pub(super) const PEOPLE: [Person; 24] = [
    both(es("lucia", "Lucía Fernández", "Llevo este servidor. I run this server. Preguntad sin miedo.")),
    both(es("mateo", "Mateo Ruiz", "Programador, corredor lento y padre de una gata.")),
    es("carmen", "Carmen Ortega", "Cocino para doce aunque seamos tres."),
    es("diego", "Diego Salas", "Lateral izquierdo. Dicen que corro mucho y pienso poco."),
    es("valentina", "Valentina Ríos", "De Medellín, en Madrid desde 2019. ☕"),
    es("javi", "Javi Moreno", "Backend y tortilla con cebolla."),
    both(es("ines", "Inés Quiroga", "Traductora. Colecciono refranes en dos idiomas.")),
    es("andres", "Andrés Peña", "Portero los jueves, enfermero el resto de la semana."),
    es("noelia", "Noelia Castro", "Huerto en la terraza y pan los domingos."),
    es("tomas", "Tomás Vidal", "Sistemas. Si funciona, no lo toques."),
    both(es("paula", "Paula Iglesias", "Leo en el metro y me paso de parada.")),
    es("ramon", "Ramón Herrero", "Jubilado con más planes que nunca."),
    both(en("oliver", "Oliver Grant", "Release manager. Learning Spanish one mistake at a time.")),
    both(en("maya", "Maya Patel", "Front end, climbing, far too many tabs.")),
    en("hannah", "Hannah Doyle", "Librarian from Cork. Yes, I have read it."),
    en("ethan", "Ethan Brooks", "Databases and sourdough. Both need patience."),
    en("priya", "Priya Nair", "QA. I break things so you don't have to."),
    en("callum", "Callum Reid", "Hills at the weekend, servers in the week. 🏔️"),
    both(en("zoe", "Zoe Bennett", "Teacher. Half my heart lives in Oaxaca.")),
    en("marcus", "Marcus Webb", "Photographs of fog, mostly."),
    both(en("freya", "Freya Lindqvist", "Swedish, writes in English, cooks in Spanish.")),
    both(en("sam", "Sam Okafor", "Embedded by day, piano by night.")),
    en("nora", "Nora Whitfield", "Runs the book club with an iron bookmark."),
    en("theo", "Theo Marsh", "Cyclist, reader, owner of one very spoiled dog."),
];

impl Person {
    pub(super) fn first_name(&self) -> &'static str {
        self.display_name.split(' ').next().unwrap_or(self.display_name)
    }

    pub(super) fn writes(&self, language: Language) -> bool {
        self.is_bilingual || self.language == language
    }
}

/// The account of the person at `index`, who joined some weeks before `now`; the first is staff and superuser.
pub(super) fn account(
    index: usize,
    id: Uuid,
    avatar_id: Uuid,
    password_hash: String,
    now: Timestamp,
) -> users::Model {
    let person = &PEOPLE[index];
    let is_admin = index == 0;
    let email = format!("{}@example.org", person.username);
    let days = 60 + i64::try_from(PEOPLE.len() - index).unwrap_or(0);
    users::Model {
        id,
        username: person.username.to_owned(),
        username_key: fold::name_key(person.username),
        email_key: Some(fold::email_key(&email)),
        email: Some(email),
        email_verified_at: None,
        password_hash,
        display_name: person.display_name.to_owned(),
        display_name_key: fold::search_key(person.display_name),
        bio: person.bio.to_owned(),
        phone_number: None,
        avatar_id: Some(avatar_id),
        language: Some(person.language.as_str().to_owned()),
        direct_messages: "everyone".to_owned(),
        show_last_seen: true,
        // Somebody keeps their receipts to themselves, as in every community.
        send_read_receipts: person.username != "ramon",
        is_active: true,
        is_staff: is_admin,
        is_superuser: is_admin,
        date_joined: now.millis() - days * DAY,
        last_seen: None,
        deleted_at: None,
        two_factor_at: None,
        muted_until: None,
        banned_until: None,
        owner_id: None,
    }
}
