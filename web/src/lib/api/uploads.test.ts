import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { STILL_MS, uploadFile } from './uploads';

vi.mock('$lib/i18n/i18n.svelte', () => ({ i18n: { language: 'es' } }));
vi.mock('./people', () => ({ getMe: () => Promise.resolve() }));

/** `XMLHttpRequest` as far as it is used. */
class FakeRequest {
	static last: FakeRequest;
	upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
	onabort: () => void = () => undefined;
	onload: () => void = () => undefined;
	onloadend: () => void = () => undefined;
	status = 0;
	responseText = '';
	aborted = false;
	open() {
		FakeRequest.last = this;
	}
	setRequestHeader() {}
	send() {}
	abort() {
		this.aborted = true;
		this.onabort();
		this.onloadend();
	}
	answer(status: number, body: object) {
		this.status = status;
		this.responseText = JSON.stringify(body);
		this.onload();
		this.onloadend();
	}
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

const begin = () => {
	const upload = uploadFile(new File(['x'], 'a'), () => undefined, new AbortController().signal);
	const settled = vi.fn();
	upload.then(settled, settled);
	return { upload, settled, request: FakeRequest.last };
};

it('that does not move any more has failed', async () => {
	const { settled, request } = begin();
	await vi.advanceTimersByTimeAsync(STILL_MS - 1);
	request.upload.onprogress?.({ loaded: 1, total: 2 });
	await vi.advanceTimersByTimeAsync(STILL_MS - 1);
	expect(settled).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(1);
	// As a network that is away, and not as somebody who gives it up.
	expect(settled).toHaveBeenCalledWith(expect.any(TypeError));
	expect(request.aborted).toBe(true);
});

it('that is answered is not waited for', async () => {
	const { upload, request } = begin();
	request.answer(201, { id: 'u' });
	expect(await upload).toEqual({ id: 'u' });
	await vi.advanceTimersByTimeAsync(STILL_MS);
	expect(request.aborted).toBe(false);
});
