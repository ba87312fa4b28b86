//! Where texts are rendered: short ones at once, long ones off the threads that serve everybody.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::markdown::{is_plain, render};

/// Bytes of a text that is rendered at once: a fraction of a millisecond.
const AT_ONCE: usize = 1024;

/// Renders messages. As many long ones at a time as there are cores; the others wait their turn.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Semaphore>);

impl Renderer {
    /// With that many long texts at a time.
    pub fn new(at_a_time: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_a_time)))
    }

    /// The text as HTML that is safe to insert as it is.
    pub async fn render(&self, content: &str) -> String {
        if content.len() <= AT_ONCE || is_plain(content) {
            return render(content);
        }
        // Neither is ever closed or cancelled: the fallbacks are for the types.
        let permit = self.0.clone().acquire_owned().await.ok();
        let owned = content.to_owned();
        let rendered = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            render(&owned)
        });
        rendered.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}
