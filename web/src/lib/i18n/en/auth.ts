import type { Plural } from '../plural.ts';

export const auth = {
	'auth.sign_in': 'Sign in',
	'auth.sign_in.title': 'Sign in to Charla',
	'auth.sign_up': 'Create account',
	'auth.sign_up.title': 'Create your account',
	'auth.sign_out': 'Sign out',
	'auth.no_account': 'New here?',
	'auth.no_account.invite': 'New accounts need an invite link.',
	'auth.no_account.closed': 'Only administrators make new accounts here.',
	'auth.have_account': 'Already have an account?',
	'auth.setup.title': 'Set up this server',
	'auth.setup.text':
		'Create the first account. It runs this server: it settles reports, warns, mutes and bans, makes invites, and may delete anybody’s messages.',
	'auth.setup.no_token':
		'The address of this page lacks its token. Open the link that the server printed when it started.',
	'auth.ended': 'Your session has ended. Sign in again to go on.',
	'auth.farewell.owed':
		'You are signed out here, and nothing of yours is left. The server could not be reached: your session there ends once this page reaches it.',
	'auth.farewell.said': 'Your session has ended on the server, too.',
	'auth.deleted': 'Your account has been deleted. Goodbye, and thank you.',
	'auth.to_sign_in': 'Back to sign in',
	'auth.go_on': 'Continue to Charla',
	'auth.code': 'Code',
	'auth.code.title': 'Your code',
	'auth.code.hint':
		'Enter the 6 digits that your authenticator app shows, or one of your recovery codes.',
	'auth.code.back': 'Begin again',
	'auth.code.expired': 'That took too long. Sign in again.',
	'auth.show': 'Show what you type',

	'auth.too_often': {
		one: 'Too many attempts. Try again in {count} second.',
		other: 'Too many attempts. Try again in {count} seconds.',
	} as Plural,
	'auth.too_often.minutes': {
		one: 'Too many attempts. Try again in {count} minute.',
		other: 'Too many attempts. Try again in {count} minutes.',
	} as Plural,
	'auth.too_often.over': 'You can try again now.',

	'auth.invited': 'You have been invited. Create an account to come in.',
	'auth.invite_required': 'This server is by invitation',
	'auth.invite_required.text':
		'Ask somebody who is here already for an invite link, and open it. The one you came with, if any, is no longer good.',
	'auth.closed': 'This server takes no new accounts',
	'auth.closed.text': 'Ask who runs it for an account.',
	'auth.invite_bad': 'The invite you came with is no longer good. You can sign up without it.',
	'auth.without_invite': 'Sign up without the invite',

	'rule.met': 'fulfilled',
	'rule.unmet': 'not yet fulfilled',
	'rule.username.length': '3 to 64 characters',
	'rule.username.characters': 'Letters, digits and @ . + - _ only',
	'rule.password.length': 'At least 8 characters',
	'rule.password.own': 'Unlike your username and your email',

	'forgot.ask': 'Forgot password? Ask an administrator.',
	'forgot.link': 'Forgot password?',
	'forgot.title': 'Choose a new password',
	'forgot.text':
		'Type the email address of your account. If there is one, and this server sends mail, a link comes: it is good for an hour.',
	'forgot.send': 'Send the link',
	'forgot.sent': 'Look into your mail',
	'forgot.sent.text':
		'If an account has the address {email}, and this server sends mail, a link is on its way to it. It may take a minute; look among unwanted mail, too. If none comes, ask who runs this server.',
	'forgot.again': 'Use another address',

	'reset.title': 'Your new password',
	'reset.password': 'New password',
	'reset.save': 'Set the password',
	'reset.done': 'Your new password is set',
	'reset.done.text': 'You have been signed out everywhere. Sign in with your new password.',
	'reset.bad': 'This link is no longer good',
	'reset.bad.text': 'It was used before, or is too old. Ask for a new one.',
	'reset.ask': 'Ask for a new link',

	'verify.title': 'Your email address',
	'verify.busy': 'One moment…',
	'verify.done': 'Your email address is verified',
	'verify.done.text': 'Thank you. From now on it can be used to get back into your account.',
	'verify.bad': 'This link is no longer good',
	'verify.bad.text':
		'It was used before, or your address has changed since. Sign in to have a new one sent.',
	'verify.first': 'Verify your email address',
	'verify.first.text': 'We have sent a link to {email}. Open it, and you can begin.',
	'verify.again': 'Send the link again',
	'verify.sent': 'A new link is on its way.',
	'verify.change': 'Wrong address?',
	'verify.change.save': 'Use this address',
	'verify.look': 'I have opened it',
	'verify.not_yet': 'Your address is not verified yet. Open the link in the mail first.',

	'invite.title': 'Invitation',
	'invite.text': 'You are invited to join',
	'invite.members': { one: '{count} member', other: '{count} members' } as Plural,
	'invite.join': 'Join {name}',
	'invite.sign_in_first': 'Sign in, or create an account, to join.',
	'invite.sign_in': 'Sign in to join.',
	'invite.bad': 'This invite is no longer good',
	'invite.bad.text':
		'It has expired, was used up, or was taken back. Ask who sent it for a new one.',
	'invite.elsewhere': 'Go to your rooms',
	'invite.as': 'You are signed in as {name}.',
} as const;
