import { untrack } from 'svelte';
import type { Message, Quote, Room } from '$lib/api/types';
import { t } from '$lib/i18n/i18n.svelte';
import { problemText } from '$lib/i18n/problems';
import type { Chat } from '$lib/state/chat.svelte';
import { composerSettings } from '$lib/state/composer-settings.svelte';
import type TextField from './TextField.svelte';

export type ComposerMode =
	{ kind: 'new' } | { kind: 'reply'; quote: Quote } | { kind: 'edit'; message: Message };

export interface ComposerProps {
	room: Room;
	/** What was written here and not sent. */
	draft: string;
	mode: ComposerMode;
	/** What its box is called, and what stands in it while it is empty. */
	label?: string;
	placeholder?: string;
	/** The files of this composer stand under this name; without one it takes none. */
	place?: string | null;
	onsubmit: (content: string) => Promise<void>;
	oncancel: () => void;
	oneditlast: () => void;
	ondraft: (text: string) => void;
	ontyping: (is_typing: boolean) => void;
	/** The keyboard has gone elsewhere. */
	onleave?: () => void;
}

const MAX_LENGTH = 10_000;
/** Touch keyboards have no Shift+Enter: there Enter is a new line, and only the button sends. */
export const touch = matchMedia('(pointer: coarse)').matches;

/** What is being written in a composer, with its files, until it is sent. */
export function composing(chat: Chat, props: ComposerProps) {
	let text = $state(props.draft);
	let problem = $state('');
	let leftOut = $state(0);
	let busy = $state(false);
	let field = $state<TextField>();
	/** A draft that answers something brings no touch keyboard up by itself. */
	let beginning = true;

	const place = $derived(props.mode.kind === 'edit' ? null : (props.place ?? null));
	const uploads = $derived(place ? chat.uploads.of(place) : []);
	const left = $derived(MAX_LENGTH - [...text].length);
	const hasFiles = $derived(
		props.mode.kind === 'edit'
			? props.mode.message.attachments.length > 0
			: uploads.some(({ status }) => status !== 'refused'),
	);
	const sendable = $derived((text.trim() !== '' || hasFiles) && left >= 0 && !busy);

	/** What is edited or answered; the same as long as that is so, however often it is told. */
	const subject = $derived.by(() => {
		const { mode } = props;
		if (mode.kind === 'edit') return `edit ${mode.message.id}`;
		return mode.kind === 'reply' ? `reply ${mode.quote.id}` : 'new';
	});

	// Editing takes the place of what was being written, which comes back afterwards.
	$effect(() => {
		void subject;
		untrack(() => {
			const { mode, draft } = props;
			text = mode.kind === 'edit' ? mode.message.content : draft;
			problem = '';
			if (mode.kind !== 'new' && !beginning) field?.focus();
			beginning = false;
		});
	});

	// Another device, or another tab, has written or sent it.
	$effect(() => {
		const elsewhere = props.draft;
		untrack(() => {
			const same = elsewhere === text || (elsewhere === '' && text.trim() === '');
			if (props.mode.kind !== 'edit' && !same) text = elsewhere;
		});
	});

	function typed() {
		if (props.mode.kind === 'edit') return;
		props.ondraft(text);
		props.ontyping(text.trim() !== '');
	}

	function addFiles(added: readonly File[]): boolean {
		if (added.length === 0) return false;
		if (place) leftOut = chat.uploads.add(place, added);
		else problem = t('upload.editing');
		if (!touch) field?.focus();
		return true;
	}

	function removeFile(file: string) {
		leftOut = 0;
		chat.uploads.remove(file);
		field?.focus();
	}

	async function submit(event?: SubmitEvent) {
		event?.preventDefault();
		if (!sendable) return;
		const written = text;
		const form = document.activeElement?.closest('form');
		const isHere = () =>
			document.activeElement === document.body || form?.contains(document.activeElement);
		busy = true;
		problem = '';
		leftOut = 0;
		field?.closeSuggestions();
		try {
			if (props.mode.kind !== 'edit') text = '';
			await props.onsubmit(written);
		} catch (error) {
			problem = problemText(error);
		} finally {
			busy = false;
			// Not from who has gone elsewhere meanwhile.
			if (isHere()) field?.focus();
		}
	}

	/** A key that is not for the text itself; whether it has been used. */
	function pressed(event: KeyboardEvent): boolean {
		const { kind } = props.mode;
		if (event.key === 'Enter' && sends(event)) void submit();
		else if (event.key === 'Escape' && kind !== 'new') props.oncancel();
		else if (event.key === 'ArrowUp' && text === '' && kind === 'new') props.oneditlast();
		else return false;
		return true;
	}

	return {
		get text() {
			return text;
		},
		set text(written) {
			text = written;
		},
		get field() {
			return field;
		},
		set field(bound) {
			field = bound;
		},
		get problem() {
			return problem;
		},
		get leftOut() {
			return leftOut;
		},
		get place() {
			return place;
		},
		get uploads() {
			return uploads;
		},
		get left() {
			return left;
		},
		get sendable() {
			return sendable;
		},
		typed,
		addFiles,
		removeFile,
		submit,
		pressed,
	};
}

function sends({ shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
	if (ctrlKey || metaKey) return true;
	return !touch && !shiftKey && composerSettings.send_key === 'enter';
}
