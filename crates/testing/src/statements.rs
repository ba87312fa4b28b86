//! What a server asks of its database, so that a test can say what something costs.

use parking_lot::Mutex;
use tokio::task::{Id, try_id};

/// The statements of a server while somebody listens, each with the task that has put it: others go on meanwhile.
#[derive(Debug, Default)]
pub struct Statements(Mutex<Option<Vec<Heard>>>);

/// The task that has put a statement, and its SQL.
type Heard = (Option<Id>, String);

impl Statements {
    /// Listens from now on, and forgets what was heard before.
    pub fn listen(&self) {
        *self.0.lock() = Some(Vec::new());
    }

    /// What was heard since of the task that put the first statement that begins so, quotes left out; nothing where there was none.
    /// Listens no longer.
    pub fn of_the_task_that(&self, begins: &str) -> Vec<String> {
        let heard = self.0.lock().take().unwrap_or_default();
        let Some((task, _)) = heard.iter().find(|(_, sql)| sql.starts_with(begins)) else {
            return Vec::new();
        };
        let task = *task;
        heard.into_iter().filter(|(by, _)| *by == task).map(|(_, sql)| sql).collect()
    }

    /// How many of the statements heard since have each of these parts, quotes left out. Listens no longer.
    pub fn count(&self, parts: &[&str]) -> usize {
        let heard = self.0.lock().take().unwrap_or_default();
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
        let heard = self.0.lock().take().unwrap_or_default();
        heard.into_iter().filter(|(by, _)| *by == Some(task)).map(|(_, sql)| sql).collect()
    }

    pub(crate) fn hear(&self, sql: &str) {
        if let Some(heard) = &mut *self.0.lock() {
            heard.push((try_id(), sql.replace(['"', '`'], "")));
        }
    }
}
