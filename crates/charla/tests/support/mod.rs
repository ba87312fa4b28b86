//! What the tests of the real program stand on.

pub(crate) mod audit;
pub(crate) mod book;
#[expect(dead_code, reason = "each program of tests uses its part")]
pub(crate) mod program;
pub(crate) mod writers;
