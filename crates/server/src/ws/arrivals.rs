//! Sockets that come in ask the database together: a crowd that comes back costs a few statements for a hundred of them, and who
//! asks for a page meanwhile finds the database free.

use std::sync::Arc;

use charla_db::{
    Result, in_time, queries,
    tables::{sessions, users},
};
use charla_protocol::{SessionId, events::Hello};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{
    greeting::greet,
    hub::{Connection, Door},
    outbox::Close,
};
use crate::App;

/// Sockets that are answered together.
const TOGETHER: usize = 128;
/// Answers of a kind that are looked up at once: a crowd takes not all connections to the database.
const AT_ONCE: usize = 2;
/// Sockets that wait in a line; the others wait to get into it.
const WAITING: usize = 1_024;

/// A session with its account.
pub(super) type Found = Option<(sessions::Model, users::Model)>;
/// What a socket is greeted with, or why it is not.
pub(super) type Greeting = std::result::Result<Hello, Close>;

/// Where sockets wait that come in.
#[derive(Debug)]
pub struct Arrivals {
    sessions: Line<SessionId, Found>,
    accounts: Line<Arc<Connection>, Greeting>,
    rooms: Line<Arc<Connection>, Greeting>,
}

/// The other ends of the lines.
#[derive(Debug)]
pub struct Waiting {
    sessions: Questions<SessionId, Found>,
    accounts: Questions<Arc<Connection>, Greeting>,
    rooms: Questions<Arc<Connection>, Greeting>,
}

type Line<Q, A> = mpsc::Sender<Question<Q, A>>;
type Questions<Q, A> = mpsc::Receiver<Question<Q, A>>;

#[derive(Debug)]
struct Question<Q, A> {
    of: Q,
    answer: oneshot::Sender<A>,
}

impl Arrivals {
    pub fn new() -> (Self, Waiting) {
        let (sessions, of_sessions) = mpsc::channel(WAITING);
        let (accounts, of_accounts) = mpsc::channel(WAITING);
        let (rooms, of_rooms) = mpsc::channel(WAITING);
        let waiting = Waiting { sessions: of_sessions, accounts: of_accounts, rooms: of_rooms };
        (Self { sessions, accounts, rooms }, waiting)
    }

    /// A session with its account. None where the database could not be asked.
    pub(super) async fn session(&self, id: SessionId) -> Option<Found> {
        ask(&self.sessions, id).await
    }

    /// Has a socket follow its rooms. None where the database could not be asked.
    pub(super) async fn greet(&self, connection: Arc<Connection>) -> Option<Greeting> {
        let line = match connection.door {
            Door::Account => &self.accounts,
            Door::Room(_) => &self.rooms,
        };
        ask(line, connection).await
    }
}

async fn ask<Q, A>(line: &Line<Q, A>, of: Q) -> Option<A> {
    let (answer, answered) = oneshot::channel();
    line.send(Question { of, answer }).await.ok()?;
    answered.await.ok()
}

impl Waiting {
    /// Starts to answer; it goes on for as long as the node.
    pub(super) fn start(self, app: &App) {
        tokio::spawn(serve(app.clone(), self.sessions, find));
        tokio::spawn(serve(app.clone(), self.accounts, greet));
        tokio::spawn(serve(app.clone(), self.rooms, greet));
    }
}

/// Answers those who wait, as many at a time as have come while others were answered.
async fn serve<Q, A, F>(app: App, mut questions: Questions<Q, A>, find: fn(App, Vec<Q>) -> F)
where
    Q: Send + 'static,
    A: Send + 'static,
    F: Future<Output = Result<Vec<A>>> + Send + 'static,
{
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    // It is never closed.
    while let Ok(turn) = turns.clone().acquire_owned().await {
        let mut together = Vec::new();
        if questions.recv_many(&mut together, TOGETHER).await == 0 {
            return;
        }
        let app = app.clone();
        tokio::spawn(async move {
            answer(app, together, find).await;
            drop(turn);
        });
    }
}

async fn answer<Q, A, F>(app: App, together: Vec<Question<Q, A>>, find: fn(App, Vec<Q>) -> F)
where
    F: Future<Output = Result<Vec<A>>>,
{
    let (of, waiting): (Vec<_>, Vec<_>) = together.into_iter().map(|one| (one.of, one.answer)).unzip();
    match in_time(find(app, of)).await {
        Ok(answers) => {
            for (answer, one) in waiting.into_iter().zip(answers) {
                // Who has gone meanwhile needs none.
                answer.send(one).ok();
            }
        }
        Err(error) => {
            tracing::error!(%error, sockets = waiting.len(), "sockets that come in can't be answered")
        }
    }
}

async fn find(app: App, ids: Vec<SessionId>) -> Result<Vec<Found>> {
    let found = queries::sessions::find_all(app.db.read(), &ids).await?;
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}
