//! What may change while the server runs. A node holds what is in force, and looks for it again every few seconds: what was set on
//! one holds on all within ten, whether or not they reach one another.

use std::sync::Arc;

use charla_db::{
    queries::settings::{self, Overrides},
    tables::users,
};
use charla_protocol::admin::settings::{PublicRoomsBy, ServerSettings, SettingFrom, SettingOf};
use parking_lot::RwLock;

use crate::{App, Config};

/// What is in force on a node.
#[derive(Debug)]
pub struct Settings {
    /// What the server was started with.
    given: ServerSettings,
    now: RwLock<Arc<ServerSettings>>,
    /// Held while it is looked for: what was read later counts.
    looking: tokio::sync::Mutex<()>,
}

impl Settings {
    pub fn new(config: &Config) -> Self {
        let from = |name| if config.given.contains(name) { SettingFrom::File } else { SettingFrom::Default };
        let given = ServerSettings {
            registration: SettingOf { value: config.registration, from: from("REGISTRATION") },
            max_upload_size: SettingOf { value: config.max_upload_size, from: from("MAX_UPLOAD_SIZE") },
            public_rooms_by: SettingOf { value: PublicRoomsBy::default(), from: SettingFrom::Default },
            welcome: SettingOf { value: String::new(), from: SettingFrom::Default },
        };
        let now = RwLock::new(Arc::new(given.clone()));
        Self { given, now, looking: tokio::sync::Mutex::default() }
    }

    pub fn now(&self) -> Arc<ServerSettings> {
        self.now.read().clone()
    }

    /// Whether somebody may make a public room, or make a room public.
    pub fn let_publish(&self, user: &users::Model) -> bool {
        user.is_staff || self.now.read().public_rooms_by.value == PublicRoomsBy::Everybody
    }

    fn under(&self, set: Overrides) -> ServerSettings {
        ServerSettings {
            registration: over(&self.given.registration, set.registration),
            max_upload_size: over(&self.given.max_upload_size, set.max_upload_size),
            public_rooms_by: over(&self.given.public_rooms_by, set.public_rooms_by),
            welcome: over(&self.given.welcome, set.welcome),
        }
    }
}

fn over<T: Clone>(given: &SettingOf<T>, set: Option<T>) -> SettingOf<T> {
    set.map_or_else(|| given.clone(), |value| SettingOf { value, from: SettingFrom::Admin })
}

impl App {
    /// Looks for what staff have set, on whichever node, and puts it in force on this one.
    ///
    /// # Errors
    /// Those of the database; what was in force stays so.
    pub async fn look_at_settings(&self) -> charla_db::Result<()> {
        let _looking = self.settings.looking.lock().await;
        let set = settings::get(self.db.read()).await?;
        *self.settings.now.write() = Arc::new(self.settings.under(set));
        Ok(())
    }
}
