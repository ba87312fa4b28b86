import type { shell as en } from '../en/shell.ts';
import type { Translated } from '../plural.ts';

export const shell: Translated<typeof en> = {
	'rooms.title': 'Salas',
	'rooms.empty': 'Aún no hay salas',
	'rooms.empty.text': 'Habla con alguien o únete a una sala abierta a todos.',
	'rooms.empty.chat': 'Empezar un chat',
	'rooms.empty.browse': 'Buscar salas públicas',
	'rooms.failed': 'No se han podido cargar tus salas.',
	'rooms.new_chat': 'Nuevo chat',
	'rooms.new_group': 'Nuevo grupo',
	'rooms.browse': 'Explorar salas públicas',
	'rooms.none_selected': 'Elige una sala para empezar a charlar.',
	'rooms.unread': {
		one: '{count} mensaje sin leer',
		many: '{count} de mensajes sin leer',
		other: '{count} mensajes sin leer',
	},
	'rooms.you': 'Tú: {text}',
	'rooms.sender': '{name}: {text}',
	'rooms.draft': 'Borrador: {text}',

	'account.menu': 'Cuenta',
	'account.language': 'Idioma',
	'account.theme': 'Tema',
	'account.theme.system': 'Sistema',
	'account.theme.light': 'Claro',
	'account.theme.dark': 'Oscuro',

	'presence.online': 'En línea',
	'presence.offline': 'Desconectado',
	'presence.last_seen': 'Últ. vez {time}',
};
