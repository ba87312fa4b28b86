import { fieldErrors } from '$lib/i18n/problems';

/** The sending of a form: whether it is under way, and why it failed the last time. */
export class Submission {
	busy = $state(false);
	failure = $state.raw<unknown>(null);
	/** What was refused, by the names of the fields. */
	readonly errors = $derived(fieldErrors(this.failure));

	/** For `onsubmit`: sends, and leads to the first field that was refused. */
	of(send: () => Promise<void>): (event: SubmitEvent) => Promise<void> {
		return (event) => {
			event.preventDefault();
			return this.run(send, event.currentTarget as HTMLFormElement);
		};
	}

	async run(send: () => Promise<void>, form?: HTMLFormElement): Promise<void> {
		this.busy = true;
		this.failure = null;
		try {
			await send();
		} catch (error) {
			this.failure = error;
			if (form) focusFirstError(form, error);
		} finally {
			this.busy = false;
		}
	}
}

/** Leads to the first field of the form that was refused. */
function focusFirstError(form: HTMLFormElement, error: unknown): void {
	const errors = fieldErrors(error);
	const fields = [...form.querySelectorAll<HTMLInputElement>('[name]')];
	fields.find(({ name }) => errors[name])?.focus();
}
