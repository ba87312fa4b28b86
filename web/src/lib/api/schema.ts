// The calls this client makes, written from the contract in the shape openapi-typescript generates,
// until the server publishes its own description (`npm run generate`).
import type {
	ChangesPage,
	Me,
	Member,
	MessagePage,
	Message,
	OnlineStatus,
	Page,
	Problem,
	Room,
	User,
	Visibility,
} from './types';

interface Failure {
	content: { 'application/problem+json': Problem };
}

type Operation<Ok, Body = never, Path = never, Query = never> = [Body] extends [never]
	? Omit<Full<Ok, Body, Path, Query>, 'requestBody'>
	: Full<Ok, Body, Path, Query>;

interface Full<Ok, Body, Path, Query> {
	parameters: ([Path] extends [never] ? { path?: never } : { path: Path }) &
		([Query] extends [never] ? { query?: never } : { query?: Query });
	requestBody: { content: { 'application/json': Body } };
	responses: { 200: { content: { 'application/json': Ok } }; default: Failure };
}

interface Id {
	id: string;
}
type Search = { search?: string; limit?: number };
type MessageQuery = { before?: string; after?: string; around?: string; limit?: number };
interface Signed {
	user: Me;
}

export interface paths {
	'/api/v1/auth/register/': {
		post: Operation<Signed, { username: string; email: string; password: string }>;
	};
	'/api/v1/auth/setup/': {
		post: Operation<Signed, { token: string; username: string; email: string; password: string }>;
	};
	'/api/v1/auth/login/': { post: Operation<Signed, { username: string; password: string }> };
	'/api/v1/auth/logout/': { post: Operation<unknown> };
	'/api/v1/users/': { get: Operation<Page<User>, never, never, Search> };
	'/api/v1/users/me/': { get: Operation<Me>; patch: Operation<Me, { language?: string }> };
	'/api/v1/chat/online-status/': { get: Operation<Page<OnlineStatus>> };
	'/api/v1/chat/rooms/': {
		get: Operation<Page<Room>, never, never, { limit?: number }>;
		post: Operation<
			Room,
			{
				name: string;
				room_type: 'group';
				visibility: Visibility;
				topic: string;
				participants: string[];
			}
		>;
	};
	'/api/v1/chat/rooms/public/': { get: Operation<Page<Room>, never, never, Search> };
	'/api/v1/chat/rooms/direct_chat/': { post: Operation<Room, { user_id: string }> };
	'/api/v1/chat/rooms/{id}/': { get: Operation<Room, never, Id> };
	'/api/v1/chat/rooms/{id}/messages/': { get: Operation<MessagePage, never, Id, MessageQuery> };
	'/api/v1/chat/rooms/{id}/changes/': {
		get: Operation<ChangesPage, never, Id, { since: number; limit?: number }>;
	};
	'/api/v1/chat/rooms/{id}/join/': { post: Operation<Room, never, Id> };
	'/api/v1/chat/rooms/{id}/leave/': { post: Operation<unknown, never, Id> };
	'/api/v1/chat/rooms/{id}/members/': {
		get: Operation<Page<Member>, never, Id, { limit?: number }>;
		post: Operation<unknown, { user_ids: string[] }, Id>;
	};
	'/api/v1/chat/messages/{id}/': {
		patch: Operation<Message, { content: string }, Id>;
		delete: Operation<unknown, never, Id>;
	};
}
