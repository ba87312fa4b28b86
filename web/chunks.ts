import type { Plugin } from 'vite';

/** What is known of a module while files are put together. */
interface Info {
	importedIds: readonly string[];
}
interface Context {
	getModuleInfo(id: string): Info | null;
}

const routes = new URL('src/routes/', import.meta.url).pathname;
const entries = /\/generated\/client-optimized\/app\.js$|\/runtime\/client\/entry\.js$/;
const every = ['+layout.svelte', '+layout.ts', '+error.svelte'];
const signIn = ['(auth)/+layout.svelte', '(auth)/sign-in/+page.svelte'];
const room = ['(app)/+layout.svelte', '(app)/rooms/[id]/+page.svelte'];

/**
 * Which modules make a file together. Left alone, each set of pages that share something gets a file of its own:
 * the first room would come in sixty, and weigh a quarter more. So there is one file for what every page needs, one
 * for what signing in and the rooms share, and one for the rest of what the first room needs; what is loaded later is
 * left as it is.
 */
export function chunkGroups() {
	let known: { every: Set<string>; signIn: Set<string>; room: Set<string> } | null = null;

	function reach(ids: readonly string[], context: Context): Set<string> {
		const found = new Set<string>();
		const left = [...ids];
		for (let id = left.pop(); id !== undefined; id = left.pop()) {
			if (found.has(id)) continue;
			found.add(id);
			left.push(...(context.getModuleInfo(id)?.importedIds ?? []));
		}
		return found;
	}

	function sets(context: Context) {
		const of = (names: readonly string[]) =>
			reach(
				names.map((name) => routes + name),
				context,
			);
		return (known ??= { every: of(every), signIn: of(signIn), room: of(room) });
	}

	const group = (
		name: string,
		priority: number,
		belongs: (id: string, in_: ReturnType<typeof sets>) => boolean,
	) => ({
		debugName: name,
		priority,
		name: (id: string, context: Context) => (belongs(id, sets(context)) ? name : null),
	});

	return [
		group('every', 3, (id, { every }) => every.has(id) && !entries.test(id)),
		group('shared', 2, (id, { signIn, room }) => signIn.has(id) && room.has(id)),
		group('room', 1, (id, { room }) => room.has(id)),
	];
}

const FIRST = new Set(['every', 'shared', 'room']);

/**
 * What the first page needs is compiled as a whole, off the main thread, while it is loaded: function by function, as each is
 * called, took the greater part of a start's long tasks. https://v8.dev/blog/explicit-compile-hints
 */
export function compileAhead(): Plugin {
	return {
		name: 'compile-ahead',
		generateBundle: {
			// The hint has to stand before all code.
			order: 'post',
			handler(_options, files) {
				for (const file of Object.values(files)) {
					if (file.type !== 'chunk' || !FIRST.has(file.name)) continue;
					file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
				}
			},
		},
	};
}
