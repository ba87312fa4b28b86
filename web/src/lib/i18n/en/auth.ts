export const auth = {
	'auth.sign_in': 'Sign in',
	'auth.sign_in.title': 'Sign in to Charla',
	'auth.sign_up': 'Create account',
	'auth.sign_up.title': 'Create your account',
	'auth.sign_out': 'Sign out',
	'auth.no_account': 'New here?',
	'auth.have_account': 'Already have an account?',
	'auth.setup.title': 'Set up this server',
	'auth.setup.text': 'Create the first account. It will administer this server.',
	'auth.setup.no_token':
		'The address of this page lacks its token. Open the link that the server printed when it started.',
	'auth.ended': 'Your session has ended. Sign in again to go on.',
} as const;
