//! What the tests of the real program stand on.

pub(crate) mod audit;
pub(crate) mod book;
pub(crate) mod program;
pub(crate) mod writers;
