import type { OutboxEntry } from '$lib/state/outbox';
import type { Upload, UploadProblem } from '$lib/state/uploads.svelte';
import { fileSize } from './file-size';
import { i18n, t } from './i18n.svelte';

export function uploadProblem(problem: UploadProblem): string {
	if (problem.kind === 'refused') return t('upload.refused', { reason: problem.reason });
	if (problem.kind !== 'too_large') return t(`upload.${problem.kind}`);
	return t('upload.too_large', { limit: fileSize(problem.limit) });
}

/** Why a message waits for its author: one of its files will not come. */
export function fileReason({ name, problem }: Upload): string {
	return t('upload.without', { name, reason: problem ? uploadProblem(problem) : '' });
}

/** Files that were still being uploaded when their page was closed. */
export function lostFiles({ files }: OutboxEntry): string {
	const lost = files.filter(({ attachment }) => !attachment).map(({ name }) => name);
	return t('upload.lost', { names: new Intl.ListFormat(i18n.locale).format(lost) });
}
