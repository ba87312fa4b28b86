import { client, unwrap } from './client';
import type { Queue, ServerSettings, ServerSettingsChanges } from './types';

// The server itself, for staff alone.

/** What waits in the background. */
export async function listJobs(): Promise<Queue[]> {
	return (await unwrap(client.GET('/api/v1/admin/jobs/'))).queues;
}

/** What may change while the server runs. */
export function getSettings(): Promise<ServerSettings> {
	return unwrap(client.GET('/api/v1/admin/settings/'));
}

export function changeSettings(body: ServerSettingsChanges): Promise<ServerSettings> {
	return unwrap(client.PATCH('/api/v1/admin/settings/', { body }));
}
