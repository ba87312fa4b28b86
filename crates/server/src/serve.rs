//! A node from start to end.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use charla_broker::{Connect, MemoryBroker, RedisBroker};
use charla_db::{Db, queries};
use tokio::{net::TcpListener, time::timeout};
use tokio_rustls::TlsAcceptor;
use tower::Layer;
use tower::util::MapRequestLayer;

use crate::{
    App,
    app::Parts,
    auth::Cost,
    auth::derive_key,
    clock::SystemClock,
    config::Config,
    database, demo, jobs,
    listen::{Patience, listen, raise_open_files},
    metrics,
    middleware::canonical_path,
    ops::{setup, two_factor},
    router::router,
    tls::Certificate,
};

/// How long what is under way may take to end when the node goes down: requests, sockets, jobs. With the two below, less than ten
/// seconds in all.
const GOING_DOWN: Duration = Duration::from_secs(5);
/// How long after that the database may take for what waits in the lanes. Who has got no answer by then repeats it.
const DRAINING: Duration = Duration::from_secs(3);
/// How long the other nodes may take to be told what happened last.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Connections to a database server at most. SQLite has its own number.
const MAX_CONNECTIONS: u32 = 20;

/// Serves until a signal ends it: connects, migrates, prints where to begin. With `demo`, a database without accounts is
/// filled with a community to look at first.
///
/// # Errors
/// What keeps the node from starting, with the setting to look at.
pub async fn run(config: Config, demo: bool) -> anyhow::Result<()> {
    let db = open(&config).await?;
    raise_open_files();
    let bind = config.bind;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        password_cost: Cost::STANDARD,
        connect: channel_layer(&config),
    };
    let app = App::start(config, parts)?;
    if app.config.previous_secret_key.is_some() {
        let count = two_factor::seal_anew(&app)
            .await
            .map_err(|error| anyhow!("nothing was sealed anew: {}", error.code.as_str()))?;
        tracing::info!(count, "what PREVIOUS_SECRET_KEY had sealed is sealed under SECRET_KEY");
    }
    app.look_at_settings().await.context("what staff have set can't be read")?;
    if demo {
        fill_demo(&app).await?;
    }
    let tls = app.config.tls.as_ref().map(Certificate::load).transpose()?;
    let listener = TcpListener::bind(bind).await.with_context(|| {
        format!("BIND: can't listen on {bind}; end what listens there, or choose another address, such as 127.0.0.1:8001")
    })?;
    let watched = metrics::bind(&app.config).await?;
    let watched_at = watched.as_ref().map(TcpListener::local_addr).transpose()?;
    announce(&app, &at(listener.local_addr()?, tls.is_some()), watched_at).await?;
    // Answers to the end, so that the going down can be watched too.
    let watching = watched.map(|listener| tokio::spawn(metrics::serve(app.clone(), listener)));
    let acceptor = tls.as_ref().map(Certificate::acceptor).transpose()?;
    let following = tls.map(|certificate| tokio::spawn(certificate.follow()));
    serve_by(app, listener, acceptor, signal()).await;
    if let Some(following) = following {
        following.abort();
    }
    if let Some(watching) = watching {
        watching.abort();
    }
    Ok(())
}

/// Redis where the settings name it, and else the process itself: a single node has nobody to tell.
pub fn channel_layer(config: &Config) -> Connect {
    match config.redis.clone() {
        Some(settings) => {
            let key = derive_key(&config.secret_key, "charla channel layer v1");
            Box::new(move |listener| RedisBroker::connect(settings, &key, &listener))
        }
        None => Box::new(|listener| MemoryBroker::default().join(listener)),
    }
}

/// Connects to the database, and applies what migrations are missing.
///
/// # Errors
/// Where it can't be reached, or migrations are missing and not to be applied.
pub async fn open(config: &Config) -> anyhow::Result<Db> {
    let db = database::connect(config, MAX_CONNECTIONS).await?;
    if config.auto_migrate {
        db.migrate().await.context("the migrations could not be applied")?;
    } else {
        let pending = db.pending_migrations().await.context("the state of the migrations can't be read")?;
        if pending > 0 {
            bail!("{pending} migrations are missing: run `charla migrate`, or set AUTO_MIGRATE=true");
        }
    }
    Ok(db)
}

/// A second start with the same database finds the community of the first one, as it has become.
async fn fill_demo(app: &App) -> anyhow::Result<()> {
    if queries::users::count(app.db.read()).await? > 0 {
        println!("\n  The database has accounts already: it is left as it is, without the demo.");
        return Ok(());
    }
    print!("\n{}", demo::fill(app).await?);
    Ok(())
}

async fn announce(app: &App, address: &str, watched_at: Option<SocketAddr>) -> anyhow::Result<()> {
    tracing::info!(address, metrics = watched_at.map(tracing::field::display), "listening");
    println!("\n  Charla is at {address}/");
    if let Some(watched_at) = watched_at {
        println!("  Metrics are at {}/metrics", at(watched_at, false));
    }
    if let Some(token) = setup::begin(app).await? {
        let public_url = &app.config.public_url;
        println!("  Make the first administrator (this link works once): {public_url}/setup#token={token}");
    }
    println!();
    Ok(())
}

/// Where this machine reaches what listens there. A certificate is for a name.
fn at(mut address: SocketAddr, is_tls: bool) -> String {
    if is_tls && (address.ip().is_unspecified() || address.ip().is_loopback()) {
        return format!("https://localhost:{}", address.port());
    }
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    format!("{}://{address}", if is_tls { "https" } else { "http" })
}

/// Serves on a listener, and does what a node does by itself, until `stop` comes; then goes down within ten seconds: takes no
/// more connections, tells sockets that it restarts, finishes what is under way and what waits in the lanes.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) {
    serve_by(app, listener, None, stop).await;
}

async fn serve_by(app: App, listener: TcpListener, tls: Option<TlsAcceptor>, stop: impl Future<Output = ()>) {
    jobs::start(&app);
    let service = MapRequestLayer::new(canonical_path::<axum::body::Body>).layer(router(app.clone()));
    let is_bounded = |ip| app.config.rate_limits && !is_proxy(&app.config, ip);
    let connections = listen(&listener, tls, service, Patience::default(), is_bounded, stop).await;
    tracing::info!("going down");
    drop(listener);
    app.hub.close_all();
    let guests_gone = async {
        connections.end().await;
        // Which does not wait for what has become a WebSocket.
        sockets_gone(&app).await;
    };
    let (guests_gone, ()) = tokio::join!(timeout(GOING_DOWN, guests_gone), app.stop_jobs());
    if guests_gone.is_err() {
        tracing::warn!("some connections did not end in time");
    }
    let drained = async { tokio::join!(app.note_everybody_seen(), app.lanes.drain()) };
    if timeout(DRAINING, drained).await.is_err() {
        tracing::warn!("the database did not take all that was waiting in time; none of it was acknowledged");
    }
    let last_words = async {
        app.all_is_told().await;
        app.broker.flushed().await;
    };
    if timeout(LAST_WORDS, last_words).await.is_err() {
        tracing::warn!("what happened last could not be told to the other nodes in time");
    }
    tracing::info!("down");
}

/// Many people may come by way of one proxy, or from this machine.
fn is_proxy(config: &Config, ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip.is_loopback() || config.trusted_proxies.iter().any(|network| network.contains(&ip))
}

async fn sockets_gone(app: &App) {
    while !app.hub.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// SIGTERM or Ctrl-C.
async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
