export type NoticePermission = NotificationPermission | 'unsupported';

/** Whether the browser lets the page show notices. It is asked only where somebody has pressed a button for it. */
class NoticePermissionStore {
	state = $state<NoticePermission>(now());

	/** Follows what is changed in the browser's own settings; the function given back ends that. */
	watch(): () => void {
		let status: PermissionStatus | null = null;
		const look = () => (this.state = now());
		look();
		navigator.permissions
			?.query({ name: 'notifications' })
			.then((found) => {
				status = found;
				status.addEventListener('change', look);
			})
			.catch((error: unknown) => console.warn('the permission is not told', error));
		addEventListener('focus', look);
		return () => {
			status?.removeEventListener('change', look);
			removeEventListener('focus', look);
		};
	}

	async ask(): Promise<NoticePermission> {
		if (this.state !== 'unsupported') this.state = await Notification.requestPermission();
		return this.state;
	}
}

function now(): NoticePermission {
	const supported = typeof Notification !== 'undefined' && globalThis.isSecureContext;
	return supported ? Notification.permission : 'unsupported';
}

export const noticePermission = new NoticePermissionStore();
