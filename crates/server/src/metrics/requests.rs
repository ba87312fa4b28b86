//! What requests took, by the route that they were for.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::extract::{MatchedPath, Request};
use charla_metrics::{Histogram, Kind, LATENCIES, Text};
use http::{Method, StatusCode};
use parking_lot::RwLock;

/// What is asked of a route; the last stands for all others.
const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"];
/// The route of what no route is for: the web client's files, and what is not there.
const FALLBACK: &str = "fallback";

/// The places of a method in [`METHODS`], and the first digit of a status.
type Kinds = (usize, u16);

/// The requests of a node.
#[derive(Debug, Default)]
pub struct Requests {
    under_way: AtomicU64,
    /// By route as it is written in the router: of these there are few.
    times: RwLock<BTreeMap<String, BTreeMap<Kinds, Arc<Histogram>>>>,
}

/// A request under way.
#[derive(Debug)]
pub struct UnderWay<'a> {
    requests: &'a Requests,
    method: usize,
    route: Option<MatchedPath>,
    begin: Instant,
}

impl Requests {
    /// A request begins.
    pub fn begin(&self, request: &Request) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let route = request.extensions().get::<MatchedPath>().cloned();
        UnderWay { requests: self, method: place(request.method()), route, begin: Instant::now() }
    }

    fn times(&self, route: &str, kinds: Kinds) -> Arc<Histogram> {
        if let Some(times) = self.times.read().get(route).and_then(|times| times.get(&kinds)) {
            return times.clone();
        }
        let mut routes = self.times.write();
        let times = routes.entry(route.to_owned()).or_default();
        times.entry(kinds).or_insert_with(|| Arc::new(Histogram::of_seconds(LATENCIES))).clone()
    }

    pub(super) fn expose(&self, text: &mut Text) {
        let under_way = self.under_way.load(Ordering::Relaxed);
        text.gauge("charla_http_requests_in_progress", "Requests that wait for their answer.", under_way);
        let name = "charla_http_request_duration_seconds";
        text.head(name, Kind::Histogram, "How long it took until an answer began.");
        for (route, times) in &*self.times.read() {
            for ((method, class), times) in times {
                let status = format!("{class}xx");
                let labels = [("method", METHODS[*method]), ("route", route.as_str()), ("status", &status)];
                text.histogram(name, &labels, times);
            }
        }
    }
}

impl UnderWay<'_> {
    /// The answer begins.
    pub fn end(self, status: StatusCode) {
        let route = self.route.as_ref().map_or(FALLBACK, MatchedPath::as_str);
        let times = self.requests.times(route, (self.method, status.as_u16() / 100));
        times.observe_duration(self.begin.elapsed());
    }
}

/// Ended, or given up by who asked.
impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.requests.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

fn place(method: &Method) -> usize {
    METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn requests_are_counted_by_method_and_class_and_given_up_ones_not_at_all() {
        let requests = Requests::default();
        let request = |method: &str| Request::builder().method(method).body(Body::empty()).unwrap();
        for (method, status) in [("GET", 200), ("GET", 204), ("BREW", 404)] {
            requests.begin(&request(method)).end(StatusCode::from_u16(status).unwrap());
        }
        drop(requests.begin(&request("GET")));
        let begun = requests.begin(&request("PUT"));
        let mut text = Text::default();
        requests.expose(&mut text);
        drop(begun);
        let text = text.finish();
        let name = "charla_http_request_duration_seconds_count";
        for line in [
            "charla_http_requests_in_progress 1".to_owned(),
            format!(r#"{name}{{method="GET",route="fallback",status="2xx"}} 2"#),
            format!(r#"{name}{{method="other",route="fallback",status="4xx"}} 1"#),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
        assert_eq!(text.matches(name).count(), 2);
    }
}
