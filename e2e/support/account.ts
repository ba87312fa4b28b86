import type { Server } from './server.ts';

export const PASSWORD = 'Blue-Kettle-47-Harbour';

export interface Room {
	id: string;
	unread_count: number | null;
}

export interface Message {
	id: string;
	content: string;
	content_html: string;
	attachments: { url: string }[];
	client_id: string | null;
	is_deleted: boolean;
	sender: { username: string };
}

interface Signed {
	user: { id: string; display_name: string };
	access: string;
	refresh: string;
}

/** Somebody with an account, who acts through the API. */
export class Account {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly tokens: { access: string; refresh: string };
	#server: Server;

	private constructor(server: Server, username: string, name: string, signed: Signed) {
		this.#server = server;
		this.id = signed.user.id;
		this.username = username;
		this.name = name;
		this.tokens = signed;
	}

	static async register(server: Server, name: string): Promise<Account> {
		const username = name
			.toLowerCase()
			.normalize('NFD')
			.replace(/[^a-z]+/g, '');
		const body = {
			username,
			email: `${username}@example.org`,
			password: PASSWORD,
			display_name: name,
		};
		const signed = await call<Signed>(server, 'POST', '/api/v1/auth/register/', body);
		return new Account(server, username, name, signed);
	}

	/** Somebody who has an account already. */
	static async signIn(server: Server, username: string, password: string): Promise<Account> {
		const signed = await call<Signed>(server, 'POST', '/api/v1/auth/login/', {
			username,
			password,
		});
		return new Account(server, username, signed.user.display_name, signed);
	}

	/** The same account, signed in once more: a session of its own. */
	async again(): Promise<Account> {
		const body = { username: this.username, password: PASSWORD };
		const signed = await call<Signed>(this.#server, 'POST', '/api/v1/auth/login/', body);
		return new Account(this.#server, this.username, this.name, signed);
	}

	directChat(other: Account): Promise<Room> {
		return this.call('POST', '/api/v1/chat/rooms/direct_chat/', { user_id: other.id });
	}

	group(name: string, members: Account[] = [], more: object = {}): Promise<Room> {
		const participants = members.map(({ id }) => id);
		const body = { name, room_type: 'group', participants, ...more };
		return this.call('POST', '/api/v1/chat/rooms/', body);
	}

	send(room: Room, content: string, more: object = {}): Promise<Message> {
		return this.call('POST', '/api/v1/chat/messages/', { room: room.id, content, ...more });
	}

	/** A file for one message of ours, which names it in `attachment_ids`. */
	async upload(
		name: string,
		type: string,
		bytes: Uint8Array,
	): Promise<{ id: string; url: string }> {
		const body = new FormData();
		body.append('file', new Blob([Uint8Array.from(bytes)], { type }), name);
		const response = await fetch(`${this.#server.url}/api/v1/chat/uploads/`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${this.tokens.access}` },
			body,
		});
		if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`);
		return (await response.json()) as { id: string; url: string };
	}

	async messages(room: Room): Promise<Message[]> {
		const path = `/api/v1/chat/rooms/${room.id}/messages/?limit=200`;
		return (await this.call<{ results: Message[] }>('GET', path)).results;
	}

	room(room: Room): Promise<Room> {
		return this.call('GET', `/api/v1/chat/rooms/${room.id}/`);
	}

	call<T = unknown>(method: string, path: string, body?: object): Promise<T> {
		return call<T>(this.#server, method, path, body, this.tokens.access);
	}
}

async function call<T>(
	server: Server,
	method: string,
	path: string,
	body?: object,
	access?: string,
): Promise<T> {
	const response = await fetch(server.url + path, {
		method,
		headers: {
			...(body ? { 'Content-Type': 'application/json' } : {}),
			...(access ? { Authorization: `Bearer ${access}` } : {}),
		},
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
	return (text ? JSON.parse(text) : null) as T;
}
