//! What a server asks of its database, so that a test can say what something costs.

use std::sync::{Arc, mpsc};

use parking_lot::Mutex;
use tokio::{
    sync::Semaphore,
    task::{Id, block_in_place, try_id},
};

/// The statements of a server while somebody listens, each with the task that has put it: others go on meanwhile.
#[derive(Debug, Default)]
pub struct Statements {
    heard: Mutex<Option<Vec<Heard>>>,
    gate: Mutex<Option<Gate>>,
}

/// Where a task is held up: behind a statement that begins so.
#[derive(Debug)]
struct Gate {
    begins: String,
    reached: Arc<Semaphore>,
    /// Ends when the other end is dropped.
    open: mpsc::Receiver<()>,
}

/// A task that is held up for as long as this is kept.
#[derive(Debug)]
pub struct Held {
    reached: Arc<Semaphore>,
    _open: mpsc::Sender<()>,
}

impl Held {
    /// Resolves once the task is held up.
    ///
    /// # Panics
    /// Never: the gate is not closed.
    pub async fn reached(&self) {
        self.reached.acquire().await.expect("it is never closed").forget();
    }
}

/// The task that has put a statement, and its SQL.
type Heard = (Option<Id>, String);

impl Statements {
    /// Listens from now on, and forgets what was heard before.
    pub fn listen(&self) {
        *self.heard.lock() = Some(Vec::new());
    }

    /// What was heard since of the task that put the first statement that begins so, quotes left out; nothing where there was none.
    /// Listens no longer.
    pub fn of_the_task_that(&self, begins: &str) -> Vec<String> {
        let heard = self.heard.lock().take().unwrap_or_default();
        let Some((task, _)) = heard.iter().find(|(_, sql)| sql.starts_with(begins)) else {
            return Vec::new();
        };
        let task = *task;
        heard.into_iter().filter(|(by, _)| *by == task).map(|(_, sql)| sql).collect()
    }

    /// How many of the statements heard since have each of these parts, quotes left out. Listens no longer.
    pub fn count(&self, parts: &[&str]) -> usize {
        let heard = self.heard.lock().take().unwrap_or_default();
        heard.iter().filter(|(_, sql)| parts.iter().all(|part| sql.contains(part))).count()
    }

    /// Does the work in a task of its own, and gives the statements that it puts itself.
    ///
    /// # Panics
    /// Where the work does.
    pub async fn put_by(&self, work: impl Future<Output = ()> + Send + 'static) -> Vec<String> {
        self.listen();
        let working = tokio::spawn(work);
        let task = working.id();
        working.await.expect("the work goes well");
        let heard = self.heard.lock().take().unwrap_or_default();
        heard.into_iter().filter(|(by, _)| *by == Some(task)).map(|(_, sql)| sql).collect()
    }

    /// Holds up the next task that puts a statement that begins so, quotes left out, once it has its answer. Takes a runtime with
    /// several threads.
    pub fn hold(&self, begins: &str) -> Held {
        let (_open, open) = mpsc::channel();
        let reached = Arc::new(Semaphore::new(0));
        *self.gate.lock() = Some(Gate { begins: begins.to_owned(), reached: reached.clone(), open });
        Held { reached, _open }
    }

    pub(crate) fn hear(&self, sql: &str) {
        let sql = sql.replace(['"', '`'], "");
        let gate = self.gate.lock().take_if(|gate| sql.starts_with(&gate.begins));
        if let Some(heard) = &mut *self.heard.lock() {
            heard.push((try_id(), sql));
        }
        if let Some(gate) = gate {
            gate.reached.add_permits(1);
            // An error is that the other end is dropped.
            block_in_place(|| gate.open.recv()).ok();
        }
    }
}
