import { fieldErrors } from '$lib/i18n/problems';

/** Leads to the first field that was refused. */
export function focusFirstError(form: HTMLFormElement, error: unknown): void {
	const field = Object.keys(fieldErrors(error))[0];
	if (field) form.querySelector<HTMLInputElement>(`[name="${CSS.escape(field)}"]`)?.focus();
}
