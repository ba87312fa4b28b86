//! What a node does by itself: jobs, mails, files that are kept.

use std::sync::atomic::{AtomicI64, Ordering};

use charla_metrics::{Counter, Kind, Text};
use charla_protocol::Timestamp;

/// What a node does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Mails,
    Indexing,
    Cleanup,
    Sessions,
    Departures,
    ReadMarks,
}

impl Job {
    const ALL: [Self; 6] =
        [Self::Mails, Self::Indexing, Self::Cleanup, Self::Sessions, Self::Departures, Self::ReadMarks];

    /// As the log and the metrics name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mails => "mails",
            Self::Indexing => "indexing",
            Self::Cleanup => "cleanup",
            Self::Sessions => "sessions",
            Self::Departures => "departures",
            Self::ReadMarks => "read_marks",
        }
    }
}

/// What became of a node's own work.
#[derive(Debug, Default)]
pub struct Work {
    jobs: [Runs; Job::ALL.len()],
    pub mails: Mails,
    pub files: Files,
}

#[derive(Debug, Default)]
struct Runs {
    succeeded: Counter,
    failed: Counter,
    /// When it last succeeded, in milliseconds since 1970; 0 for never.
    succeeded_at: AtomicI64,
}

/// Mails that were tried.
#[derive(Debug, Default)]
pub struct Mails {
    pub sent: Counter,
    /// They are tried again.
    pub put_off: Counter,
    pub given_up: Counter,
}

/// Files that people have brought in.
#[derive(Debug, Default)]
pub struct Files {
    pub stored: Counter,
    /// Of those, without smaller copies.
    pub bytes: Counter,
    /// The storage did not take them.
    pub failed: Counter,
}

impl Work {
    /// A job has run.
    pub fn ran(&self, job: Job, has_succeeded: bool, now: Timestamp) {
        let runs = &self.jobs[job as usize];
        if has_succeeded {
            runs.succeeded.increment();
            runs.succeeded_at.store(now.millis(), Ordering::Relaxed);
        } else {
            runs.failed.increment();
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    pub(super) fn expose(&self, text: &mut Text) {
        let name = "charla_job_runs_total";
        text.head(name, Kind::Counter, "How often the node's own jobs have run.");
        for (job, runs) in Job::ALL.iter().zip(&self.jobs) {
            for (outcome, counter) in [("succeeded", &runs.succeeded), ("failed", &runs.failed)] {
                text.value(name, &[("name", job.name()), ("outcome", outcome)], counter.value());
            }
        }
        let name = "charla_job_last_success_timestamp_seconds";
        text.head(name, Kind::Gauge, "When a job last succeeded; 0 for not yet.");
        for (job, runs) in Job::ALL.iter().zip(&self.jobs) {
            let at = runs.succeeded_at.load(Ordering::Relaxed) as f64 / 1000.0;
            text.value(name, &[("name", job.name())], at);
        }
        let name = "charla_mails_total";
        text.head(name, Kind::Counter, "Attempts to send a mail.");
        for (outcome, counter) in
            [("sent", &self.mails.sent), ("put_off", &self.mails.put_off), ("given_up", &self.mails.given_up)]
        {
            text.value(name, &[("outcome", outcome)], counter.value());
        }
        let name = "charla_uploads_total";
        text.head(
            name,
            Kind::Counter,
            "Files that people have brought in, pictures of people and rooms included.",
        );
        for (outcome, counter) in [("stored", &self.files.stored), ("failed", &self.files.failed)] {
            text.value(name, &[("outcome", outcome)], counter.value());
        }
        let bytes = self.files.bytes.value();
        text.counter("charla_upload_bytes_total", "Bytes of the files that were stored.", bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_has_a_place_of_its_own() {
        let work = Work::default();
        for (place, job) in Job::ALL.into_iter().enumerate() {
            assert_eq!(job as usize, place);
            work.ran(job, true, Timestamp::from_millis(1500));
            work.ran(job, false, Timestamp::from_millis(2500));
        }
        let mut text = Text::default();
        work.expose(&mut text);
        let text = text.finish();
        assert!(text.contains("charla_job_runs_total{name=\"indexing\",outcome=\"failed\"} 1\n"), "{text}");
        assert!(text.contains("charla_job_last_success_timestamp_seconds{name=\"mails\"} 1.5\n"), "{text}");
    }
}
