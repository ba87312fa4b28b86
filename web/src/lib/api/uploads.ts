import { i18n } from '$lib/i18n/i18n.svelte';
import { ApiError } from './errors';
import { getMe } from './people';
import type { Attachment, Problem } from './types';

const ADDRESS = '/api/v1/chat/uploads/';
/** An upload that does not move for so long, or is not answered, has failed. */
export const STILL_MS = 30_000;

/**
 * Uploads one file. `fetch` cannot tell how much of a body has gone out, so this is the one call that is
 * made without it; an access token that has run out is renewed by a call that is.
 */
export async function uploadFile(
	file: File,
	onprogress: (progress: number) => void,
	signal: AbortSignal,
): Promise<Attachment> {
	try {
		return await post(file, onprogress, signal);
	} catch (error) {
		if (!(error instanceof ApiError && error.status === 401)) throw error;
		await getMe();
		return post(file, onprogress, signal);
	}
}

function post(
	file: File,
	onprogress: (progress: number) => void,
	signal: AbortSignal,
): Promise<Attachment> {
	const form = new FormData();
	form.append('file', file);
	const request = new XMLHttpRequest();
	return new Promise((resolve, reject) => {
		const stop = () => request.abort();
		const stuck = () => {
			reject(new TypeError('upload stuck'));
			stop();
		};
		let timer = setTimeout(stuck, STILL_MS);
		signal.addEventListener('abort', stop);
		request.upload.onprogress = ({ loaded, total }) => {
			clearTimeout(timer);
			timer = setTimeout(stuck, STILL_MS);
			onprogress(total ? loaded / total : 0);
		};
		request.onload = () => {
			const body = parse(request.responseText);
			if (request.status === 201) resolve(body as Attachment);
			else reject(refusal(request, body as Partial<Problem>));
		};
		request.onerror = () => reject(new TypeError('upload broken off'));
		request.onabort = () => reject(new DOMException('upload cancelled', 'AbortError'));
		request.onloadend = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
		};
		request.open('POST', ADDRESS);
		request.setRequestHeader('Accept-Language', i18n.language);
		request.send(form);
	});
}

function refusal(request: XMLHttpRequest, problem: Partial<Problem>): ApiError {
	return new ApiError(request.status, problem, request.getResponseHeader('Retry-After'));
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}
