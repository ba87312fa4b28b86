import type { HandleClientError } from '@sveltejs/kit';

/** An address that leads nowhere has a page of its own; only faults of ours are worth a line on the console. */
export const handleError: HandleClientError = ({ error, status, message }) => {
	if (status !== 404) console.error(error);
	return { message };
};
