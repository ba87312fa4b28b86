//! What a node counts, and the page on which Prometheus reads it.
//!
//! Each part counts for itself where it works (`charla_db::Meter`, `ws::Meter`, the channel layer's); this gathers what they say.
//! Names and labels are bounded: none has anything in it that a person or a client has chosen.

mod door;
mod process;
mod requests;
mod work;

use charla_metrics::{Kind, Text};

use crate::App;

pub use door::{bind, serve};
pub use requests::Requests;
pub use work::{Job, Work};

/// What is counted outside of the parts that count for themselves.
#[derive(Debug, Default)]
pub struct Metrics {
    pub requests: Requests,
    pub work: Work,
}

/// All that there is to say of a node, as Prometheus reads it. It looks at files of the system, and so may take a moment.
pub fn text(app: &App) -> String {
    let mut text = Text::default();
    let name = "charla_build_info";
    text.head(name, Kind::Gauge, "The version that runs; always 1.");
    text.value(name, &[("version", env!("CARGO_PKG_VERSION"))], 1);
    app.hub.expose(&mut text);
    app.lanes.expose(&mut text);
    app.db.expose(&mut text);
    app.broker.expose(&mut text);
    app.metrics.requests.expose(&mut text);
    app.metrics.work.expose(&mut text);
    runtime(&mut text);
    process::expose(&mut text);
    text.finish()
}

/// What the node's threads have to do.
fn runtime(text: &mut Text) {
    let Ok(handle) = tokio::runtime::Handle::try_current() else { return };
    let metrics = handle.metrics();
    text.gauge("charla_runtime_threads", "Threads that run tasks.", metrics.num_workers());
    text.gauge("charla_runtime_tasks", "Tasks that are alive.", metrics.num_alive_tasks());
    let waiting = metrics.global_queue_depth();
    text.gauge("charla_runtime_waiting_tasks", "Tasks that wait for a thread.", waiting);
}
