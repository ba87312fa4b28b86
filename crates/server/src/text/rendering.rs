//! Where texts are rendered: short ones at once, long ones off the threads that serve everybody.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{
    markdown::{Rendered, is_plain, render_with},
    names::Names,
};

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

    /// The text as HTML that is safe to insert as it is, with those of the names marked that it mentions.
    pub async fn render(&self, content: &str, names: Names) -> Rendered {
        if content.len() <= AT_ONCE || is_plain(content) {
            return render_with(content, &names);
        }
        // Neither is ever closed or cancelled: the fallbacks are for the types.
        let permit = self.0.clone().acquire_owned().await.ok();
        let owned = content.to_owned();
        let rendered = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            render_with(&owned, &names)
        });
        rendered.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}
