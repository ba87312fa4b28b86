export const people = {
	'people.find': 'Find people',
	'people.hint': 'Type a name or a username.',
	'people.none': 'Nobody found.',
	'people.results': 'People found',
	'people.add': 'Add people',
	'people.chosen': 'Chosen people',
	'people.remove': 'Remove {name}',
} as const;
