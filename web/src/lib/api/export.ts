import { download } from './client';

/** All that the account holds, as a ZIP archive; tells how much of it has come, from 0 to 1. */
export async function exportAccount(
	onprogress: (share: number) => void,
	signal: AbortSignal,
): Promise<Blob> {
	const response = await download('/api/v1/users/me/export/', signal);
	const total = Number(response.headers.get('Content-Length'));
	const reader = response.body?.getReader();
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	for (let received = 0; reader;) {
		const { done, value } = await reader.read();
		if (done) break;
		chunks.push(value);
		received += value.length;
		if (total > 0) onprogress(received / total);
	}
	return new Blob(chunks, { type: 'application/zip' });
}
