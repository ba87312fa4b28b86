//! The testing crate.
