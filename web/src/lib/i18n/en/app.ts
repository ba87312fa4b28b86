export const app = {
	'app.name': 'Charla',
	'app.tagline': 'Talk to your people, on your own server.',
	'app.skip': 'Skip to content',

	'action.cancel': 'Cancel',
	'action.close': 'Close',
	'action.save': 'Save',
	'action.retry': 'Try again',

	'field.username': 'Username',
	'field.email': 'Email',
	'field.password': 'Password',
	'field.password.hint': 'At least 8 characters.',
	'field.login.hint': 'Your username or your email address.',

	'error.network': 'The server cannot be reached. Check your connection.',
	'error.unknown': 'Something went wrong.',
	'error.page.title': 'This page does not exist',
	'error.page.home': 'Back to your rooms',

	'connection.offline': 'Not connected. What you write is kept and sent later.',
} as const;
