import { fieldErrors } from '$lib/i18n/problems';

/** Leads to the first field on the page that was refused. */
export function focusFirstError(form: HTMLFormElement, error: unknown): void {
	const errors = fieldErrors(error);
	const fields = [...form.querySelectorAll<HTMLInputElement>('[name]')];
	fields.find(({ name }) => errors[name])?.focus();
}
