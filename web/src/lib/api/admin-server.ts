import { client, unwrap } from './client';
import type { Queue } from './types';

// The server itself, for staff alone.

/** What waits in the background. */
export async function listJobs(): Promise<Queue[]> {
	return (await unwrap(client.GET('/api/v1/admin/jobs/'))).queues;
}
