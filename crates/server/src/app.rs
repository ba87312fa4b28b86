//! What every request has at hand.

use std::{ops::Deref, sync::Arc};

use charla_broker::{Broker, Connect};
use charla_db::{Db, Lanes, tables::users};
use charla_protocol::ErrorCode;
use tokio::task::JoinSet;

use crate::{
    auth::{Cost, Limits, Passwords, Seal, Tokens},
    clock::Clock,
    config::Config,
    delivery,
    export::Exports,
    files::{Seats, Workshop},
    jobs::{Indexing, Jobs},
    mail::Post,
    metrics::Metrics,
    presence::Presence,
    settings::Settings,
    storage::Storage,
    text::Renderer,
    typing::TypingBoard,
    ws::{self, Arrivals, hub::Hub},
};

/// Uploads of an account side by side on a node.
const UPLOADS: u32 = 10;

/// A handle on the running node; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// The parts of a node.
#[derive(Debug)]
pub struct Inner {
    pub config: Config,
    /// What may change while it runs.
    pub settings: Settings,
    pub db: Db,
    pub lanes: Lanes,
    pub clock: Arc<dyn Clock>,
    pub tokens: Tokens,
    pub seal: Seal,
    pub passwords: Passwords,
    pub limits: Arc<Limits>,
    pub hub: Arc<Hub>,
    pub arrivals: Arrivals,
    /// The channel layer.
    pub broker: Arc<dyn Broker>,
    pub storage: Storage,
    pub workshop: Workshop,
    pub uploading: Seats,
    pub exports: Exports,
    pub renderer: Renderer,
    pub presence: Arc<Presence>,
    pub typing: TypingBoard,
    pub post: Post,
    pub jobs: Jobs,
    /// Held while sockets are told what somebody shares, and whom a block parts from them.
    pub telling_privacy: tokio::sync::Mutex<()>,
    pub indexing: Indexing,
    pub metrics: Metrics,
    /// What tells the lanes' notices.
    telling: parking_lot::Mutex<JoinSet<()>>,
}

/// What a node is made of besides its settings.
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub password_cost: Cost,
    /// Joins the channel layer.
    pub connect: Connect,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("db", &self.db).finish_non_exhaustive()
    }
}

impl App {
    /// Puts a node together, and starts its lanes, its delivery and its wheel. They end with the runtime. What it does by itself
    /// begins when it serves.
    ///
    /// # Errors
    /// Where passwords can't be hashed at that cost, the file storage can't be opened, or mail can't be set up.
    pub fn start(config: Config, parts: Parts) -> anyhow::Result<Self> {
        let (lanes, notices) = Lanes::start(&parts.db, &parts.clock, config.direct_messages);
        let presence = Arc::new(Presence::new(parts.clock.clone()));
        let limits = Arc::new(Limits::new(config.rate_limits, &config.secret_key));
        let hub = Arc::new(Hub::new(parts.clock.clone(), presence.clone(), limits.clone()));
        let (arrivals, waiting) = Arrivals::new();
        let broker = (parts.connect)(hub.clone());
        hub.set_broker(broker.clone());
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let app = Self(Arc::new(Inner {
            settings: Settings::new(&config),
            tokens: Tokens::new(&config.secret_key, config.previous_secret_key.as_ref()),
            seal: Seal::new(&config.secret_key, config.previous_secret_key.as_ref()),
            passwords: Passwords::new(parts.password_cost, cores)?,
            limits,
            storage: Storage::open(&config.storage_url)?,
            workshop: Workshop::default(),
            uploading: Seats::new(UPLOADS),
            exports: Exports::default(),
            renderer: Renderer::new(cores),
            db: parts.db,
            clock: parts.clock,
            presence,
            typing: TypingBoard::default(),
            post: Post::new(&config)?,
            jobs: Jobs::default(),
            telling_privacy: tokio::sync::Mutex::default(),
            indexing: Indexing::default(),
            metrics: Metrics::default(),
            telling: parking_lot::Mutex::default(),
            config,
            lanes,
            hub,
            arrivals,
            broker,
        }));
        for notices in notices {
            app.telling.lock().spawn(delivery::run(app.clone(), notices));
        }
        ws::start(&app, waiting);
        Ok(app)
    }

    /// Whether the server asks the account for a second factor.
    pub fn requires_two_factor(&self, user: &users::Model) -> bool {
        self.config.require_staff_two_factor && user.is_staff
    }

    /// What an account has to do before it is of use, if anything.
    pub fn demand(&self, user: &users::Model) -> Option<ErrorCode> {
        if self.post.rules.hold(user) {
            Some(ErrorCode::EmailNotVerified)
        } else if self.requires_two_factor(user) && user.two_factor_at.is_none() {
            Some(ErrorCode::TwoFactorSetupRequired)
        } else {
            None
        }
    }

    /// Resolves once all that the lanes have committed is told; they have ended before.
    pub(crate) async fn all_is_told(&self) {
        let mut telling = std::mem::take(&mut *self.telling.lock());
        while telling.join_next().await.is_some() {}
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
