//! What the link to Redis has carried, and how it is.

use charla_metrics::{Counter, Histogram, Kind, LATENCIES, Text};

use super::shared::Shared;
use crate::Link;

/// What a node has counted of its link.
#[derive(Debug)]
pub(super) struct Meter {
    pub(super) breaks: Counter,
    pub(super) pings: Histogram,
    /// Of publications that went out together.
    pub(super) publishing: Histogram,
    pub(super) published: Counter,
    pub(super) received: Counter,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            breaks: Counter::default(),
            pings: Histogram::of_seconds(LATENCIES),
            publishing: Histogram::of_seconds(LATENCIES),
            published: Counter::default(),
            received: Counter::default(),
        }
    }
}

/// What there is to say of a link.
pub(super) fn expose(shared: &Shared, link: Link, text: &mut Text) {
    let meter = &shared.meter;
    let is_up = u8::from(link == Link::Live);
    text.gauge("charla_redis_up", "Whether the other nodes can be told and heard.", is_up);
    text.counter("charla_redis_breaks_total", "How often the link has broken.", meter.breaks.value());
    let name = "charla_redis_round_trip_seconds";
    text.head(name, Kind::Histogram, "How long Redis took to answer.");
    text.histogram(name, &[("kind", "ping")], &meter.pings);
    text.histogram(name, &[("kind", "publish")], &meter.publishing);
    for (name, help, value) in [
        ("charla_redis_published_total", "Messages given to Redis.", meter.published.value()),
        ("charla_redis_received_total", "Messages of other nodes.", meter.received.value()),
        (
            "charla_redis_lost_total",
            "Messages that could not be given to Redis: the others look at the database.",
            shared.queue.lost(),
        ),
    ] {
        text.counter(name, help, value);
    }
    let waiting = shared.queue.waiting();
    text.gauge("charla_redis_waiting_messages", "Messages that wait to be given to Redis.", waiting);
}
