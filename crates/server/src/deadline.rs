//! How long a request may wait for its answer: a database that is silent without being gone must not keep anybody for ever.
//!
//! Only what the server itself takes counts. While it waits for a piece of the request's body, that is the client's time, which has
//! its own bounds; and an answer that has begun may take as long as it needs.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use charla_protocol::ErrorCode;
use http::{Extensions, request::Parts};
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::time::{Instant, sleep};

use crate::error::Error;

/// For an answer: longer than a lane waits for the database, and than a connection to it is waited for, as those can say more.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Seconds after which it is worth trying again.
const RETRY_S: u64 = 1;

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The server's, since then.
    Ours(Instant),
    /// The client's: a piece of the body is waited for.
    Theirs,
    /// The request may take its time.
    Nobodys,
}

/// What a request and who waits for its answer both know.
#[derive(Clone, Debug)]
struct Deadline(Arc<Mutex<Turn>>);

impl Deadline {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Turn::Ours(Instant::now()))))
    }

    fn pass_to(&self, turn: Turn) {
        let mut current = self.0.lock();
        if !matches!(*current, Turn::Nobodys) {
            *current = turn;
        }
    }

    async fn is_over(&self, patience: Duration) {
        loop {
            let left = match *self.0.lock() {
                Turn::Ours(since) => patience.saturating_sub(since.elapsed()),
                Turn::Theirs | Turn::Nobodys => patience,
            };
            if left.is_zero() {
                return;
            }
            sleep(left).await;
        }
    }
}

/// Lets a request take its time: what it does is long where all is well, such as storing a file or packing an archive.
pub(crate) fn waive(extensions: &Extensions) {
    if let Some(deadline) = extensions.get::<Deadline>() {
        deadline.pass_to(Turn::Nobodys);
    }
}

/// A handler that takes this may take its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unhurried;

impl<S: Send + Sync> FromRequestParts<S> for Unhurried {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        waive(&parts.extensions);
        Ok(Self)
    }
}

/// Answers 503 `unavailable` where nothing else does in time. Whether what was asked for has been done is unknown then, as it is to
/// whoever gets no answer at all.
pub(crate) async fn middleware(
    State(patience): State<Duration>,
    mut request: Request,
    next: Next,
) -> Response {
    let deadline = Deadline::new();
    request.extensions_mut().insert(deadline.clone());
    let request = request.map(|body| match body.is_end_stream() {
        true => body,
        false => Body::new(Watched { body, deadline: deadline.clone() }),
    });
    tokio::select! {
        response = next.run(request) => response,
        () = deadline.is_over(patience) => {
            tracing::error!("a request was not answered in time");
            Error { retry_after: Some(RETRY_S), ..Error::new(ErrorCode::Unavailable) }.into_response()
        }
    }
}

/// A body that says whose turn it is.
struct Watched {
    body: Body,
    deadline: Deadline,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.deadline.pass_to(if polled.is_pending() { Turn::Theirs } else { Turn::Ours(Instant::now()) });
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whoever reads no further waits for nothing more of it.
impl Drop for Watched {
    fn drop(&mut self) {
        self.deadline.pass_to(Turn::Ours(Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn_with_state, routing::post};
    use futures_util::stream;
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    const SHORT: Duration = Duration::from_millis(500);
    const LONG: Duration = Duration::from_secs(3600);

    fn router() -> Router {
        let work = async || sleep(LONG).await;
        let unhurried = async |_: Unhurried| sleep(2 * SHORT).await;
        let read = async |_: Bytes| {};
        let forget = async |request: Request| {
            tokio::time::timeout(SHORT, axum::body::to_bytes(request.into_body(), 9)).await.ok();
            sleep(LONG).await;
        };
        Router::new()
            .route("/work", post(work))
            .route("/unhurried", post(unhurried))
            .route("/read", post(read))
            .route("/forget", post(forget))
            .layer(from_fn_with_state(SHORT, middleware))
    }

    /// Sends a body in pieces, each a while after the one before.
    async fn ask(path: &str, pieces: u32) -> StatusCode {
        let pieces = stream::unfold(pieces, async |left| {
            sleep(SHORT / 2).await;
            (left > 0).then(|| (Ok::<_, Infallible>("x"), left - 1))
        });
        let request = Request::post(path).body(Body::from_stream(pieces)).unwrap();
        router().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn who_works_for_too_long_is_given_up() {
        assert_eq!(ask("/work", 0).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask("/unhurried", 0).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn the_time_in_which_a_body_comes_does_not_count() {
        assert_eq!(ask("/read", 5).await, StatusCode::OK);
        assert_eq!(ask("/forget", 5).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
