//! What goes wrong, and how often.

use charla_protocol::events::ServerFrame;
use rand::Rng;

/// Chances from 0 to 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// An event is lost on its way.
    pub(crate) lose: f64,
    /// It comes twice.
    pub(crate) double: f64,
    /// It comes after the next one.
    pub(crate) delay: f64,
    /// The socket is cut instead.
    pub(crate) cut: f64,
    /// A call or an action is refused with 503 or 429, before anything is stored.
    pub(crate) refuse: f64,
    /// An action is carried out, and the socket cut before the answer.
    pub(crate) swallow: f64,
    held: Option<ServerFrame>,
}

impl Faults {
    /// A bad day.
    pub(crate) fn all() -> Self {
        Self { lose: 0.1, double: 0.1, delay: 0.1, cut: 0.02, refuse: 0.1, swallow: 0.05, held: None }
    }

    /// What of this frame reaches one socket now; none: the socket is cut.
    pub(crate) fn frames(&mut self, frame: &ServerFrame, random: &mut impl Rng) -> Option<Vec<ServerFrame>> {
        if random.random_bool(self.cut) {
            return None;
        }
        if random.random_bool(self.lose) {
            return Some(Vec::new());
        }
        if self.held.is_none() && random.random_bool(self.delay) {
            self.held = Some(frame.clone());
            return Some(Vec::new());
        }
        let copies = if random.random_bool(self.double) { 2 } else { 1 };
        Some(std::iter::repeat_n(frame.clone(), copies).chain(self.held.take()).collect())
    }
}
