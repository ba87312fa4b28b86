import type { Attachment } from 'svelte/attachments';
import { t } from '$lib/i18n/i18n.svelte';

/** What the browser would say about a field in its own language, in the reader's. */
export const ownWords: Attachment<HTMLInputElement> = (field) => {
	const refused = () => {
		const { valueMissing, typeMismatch } = field.validity;
		if (valueMissing) field.setCustomValidity(t('field.missing'));
		else if (typeMismatch) field.setCustomValidity(t('field.no_email'));
	};
	const changed = () => field.setCustomValidity('');
	field.addEventListener('invalid', refused);
	field.addEventListener('input', changed);
	return () => {
		field.removeEventListener('invalid', refused);
		field.removeEventListener('input', changed);
	};
};
