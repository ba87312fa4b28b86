/** What the server asks of a username and a password, as far as it can be told while one types. */

const USERNAME = /^[\p{L}\p{N}\p{M}@.+\-_]*$/u;
const MIN_PASSWORD = 8;
/** A shorter name is found in too many words to say anything. */
const MIN_TELLING = 4;

export interface UsernameRules {
	length: boolean;
	characters: boolean;
}

export function usernameRules(username: string): UsernameRules {
	const name = username.trim().normalize('NFKC');
	const length = [...name].length;
	return { length: length >= 3 && length <= 64, characters: name !== '' && USERNAME.test(name) };
}

export interface PasswordRules {
	length: boolean;
	/** Unlike the username and the e-mail address. */
	own: boolean;
}

export function passwordRules(password: string, about: readonly string[]): PasswordRules {
	const plain = password.toLocaleLowerCase();
	const telling = about
		.flatMap((text) => [text, text.split('@')[0] ?? ''])
		.map((text) => text.trim().toLocaleLowerCase())
		.filter((text) => text.length >= MIN_TELLING);
	return {
		length: [...password].length >= MIN_PASSWORD,
		own: password !== '' && !telling.some((text) => plain.includes(text) || text.includes(plain)),
	};
}
