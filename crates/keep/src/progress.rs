//! How far something is.

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A backup is read from its beginning to its end.
    Checking,
    Rows,
    /// What was written is read again, and held against what it was made of.
    Comparing,
    Files,
}

/// How far a stage is: rows, or for files bytes; in `Checking` both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: u64,
    pub total: u64,
}

/// Counts a stage, and tells of it.
pub(crate) struct Meter<'a> {
    tell: &'a mut dyn FnMut(Progress),
    progress: Progress,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(tell: &'a mut dyn FnMut(Progress)) -> Self {
        Self { tell, progress: Progress { stage: Stage::Rows, done: 0, total: 0 } }
    }

    pub(crate) fn begin(&mut self, stage: Stage, total: u64) {
        self.progress = Progress { stage, done: 0, total };
        (self.tell)(self.progress);
    }

    pub(crate) fn add(&mut self, done: u64) {
        self.progress.done += done;
        (self.tell)(self.progress);
    }
}
