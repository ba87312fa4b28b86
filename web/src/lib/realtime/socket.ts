import type { SocketLike } from './connection';

/** Opens the one socket for all rooms; the session cookie is its credential. */
export function openSocket(): SocketLike {
	const url = new URL('/ws/', location.href);
	url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
	return new WebSocket(url) as SocketLike;
}
