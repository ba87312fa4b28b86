/**
 * Whether the page is still being started. Code that runs for the first time takes several times as long: what
 * shows first is therefore made in short tasks (`ui/Breath.svelte`), and everything later at once.
 */
export const start = { over: false };
