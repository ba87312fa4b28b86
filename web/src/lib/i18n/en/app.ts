import type { Plural } from '../plural.ts';

export const app = {
	'app.name': 'Charla',
	'app.tagline': 'Talk to your people, on your own server.',
	'app.skip': 'Skip to content',

	'action.cancel': 'Cancel',
	'action.close': 'Close',
	'action.save': 'Save',
	'action.retry': 'Try again',

	'account.language': 'Language',
	'account.theme': 'Theme',
	'account.theme.system': 'System',
	'account.theme.light': 'Light',
	'account.theme.dark': 'Dark',

	'field.username': 'Username',
	'field.email': 'Email',
	'field.password': 'Password',
	'field.missing': 'Please fill in this field.',
	'field.no_email': 'Please write an email address.',
	'field.login.hint': 'Your username or your email address.',

	'error.network': 'The server cannot be reached. Check your connection.',
	'error.unknown': 'Something went wrong.',
	'error.page.title': 'This page does not exist',
	'error.page.home': 'Back to your rooms',
	'error.page.text': 'The address may have a typo, or what was here is gone.',
	'error.unknown.text': 'It is not your doing. Loading the page again mostly helps.',
	'error.unknown.reload': 'Load the page again',

	'connection.title': 'Connection',
	'connection.unreachable': 'Charla is out of reach',
	'connection.offline': 'Not connected. What you write is kept and sent later.',
	'connection.retry': 'Try now',
	'connection.trying': 'Trying…',
	'connection.back': 'Connected again.',
	'connection.waiting': {
		one: '{count} message is waiting.',
		other: '{count} messages are waiting.',
	} as Plural,

	'update.ready': 'A new version is ready.',
	'update.uploading': 'The new version starts once your files are uploaded.',
	'update.reload': 'Reload',
	'update.later': 'Later',
} as const;
