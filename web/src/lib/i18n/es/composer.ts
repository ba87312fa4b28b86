import type { composer as en } from '../en/composer.ts';
import type { Translated } from '../plural.ts';

export const composer: Translated<typeof en> = {
	'message.label': 'Mensaje',
	'message.placeholder': 'Escribe un mensaje…',
	'message.send': 'Enviar',
	'message.replying': 'Respondiendo a {name}',
	'message.editing': 'Editando tu mensaje',
	'message.too_long': {
		one: 'Sobra {count} carácter',
		many: 'Sobran {count} de caracteres',
		other: 'Sobran {count} caracteres',
	},
};
