/** What a notice says in its `data`: where a click on it leads. */
interface NoticeData {
	path?: unknown;
}

/** Shows the place that a notice is about: in a window that is there, else in a new one. */
export async function openNotice(clients: Clients, notice: Notification): Promise<void> {
	notice.close();
	const path = pathOf(notice.data as NoticeData | null);
	const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
	const there = windows.find(({ focused }) => focused) ?? windows[0];
	if (!there) return void (await clients.openWindow(path));
	there.postMessage({ type: 'open', path });
	// Browsers refuse where the click is too long ago; the window shows the place all the same.
	await there.focus().catch((error: unknown) => console.warn('window not focused', error));
}

function pathOf(data: NoticeData | null): string {
	const path = data?.path;
	return typeof path === 'string' && /^\/(?!\/)/.test(path) ? path : '/';
}
