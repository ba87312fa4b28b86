//! The tokens of a client, shared by all its clones.

use charla_protocol::auth::Tokens;
use parking_lot::RwLock;

/// The current pair, and how many came before: who was refused with an old pair need not refresh again.
#[derive(Debug, Default)]
pub(crate) struct TokenStore(RwLock<Held>);

#[derive(Debug, Default)]
struct Held {
    tokens: Option<Tokens>,
    generation: u64,
}

impl TokenStore {
    pub(crate) fn set(&self, tokens: Option<Tokens>) {
        let mut held = self.0.write();
        held.tokens = tokens;
        held.generation += 1;
    }

    pub(crate) fn get(&self) -> Option<Tokens> {
        self.0.read().tokens.clone()
    }

    pub(crate) fn access(&self) -> Option<String> {
        self.0.read().tokens.as_ref().map(|tokens| tokens.access.clone())
    }

    pub(crate) fn generation(&self) -> u64 {
        self.0.read().generation
    }
}
