import type { app as en } from '../en/app.ts';
import type { Translated } from '../plural.ts';

export const app: Translated<typeof en> = {
	'app.name': 'Charla',
	'app.tagline': 'Habla con tu gente, en tu propio servidor.',
	'app.skip': 'Ir al contenido',

	'action.cancel': 'Cancelar',
	'action.close': 'Cerrar',
	'action.save': 'Guardar',
	'action.retry': 'Reintentar',

	'account.language': 'Idioma',
	'account.theme': 'Tema',
	'account.theme.system': 'Sistema',
	'account.theme.light': 'Claro',
	'account.theme.dark': 'Oscuro',

	'field.username': 'Nombre de usuario',
	'field.email': 'Correo electrónico',
	'field.password': 'Contraseña',
	'field.missing': 'Rellena este campo.',
	'field.no_email': 'Escribe una dirección de correo.',
	'field.login.hint': 'Tu nombre de usuario o tu correo electrónico.',

	'error.network': 'No se puede contactar con el servidor. Comprueba tu conexión.',
	'error.unknown': 'Algo ha salido mal.',
	'error.page.title': 'Esta página no existe',
	'error.page.home': 'Volver a tus salas',
	'error.page.text': 'Puede que la dirección tenga una errata o que lo que había aquí ya no esté.',
	'error.unknown.text': 'No es culpa tuya. Volver a cargar la página suele bastar.',
	'error.unknown.reload': 'Volver a cargar la página',

	'connection.title': 'Conexión',
	'connection.unreachable': 'No se llega a Charla',
	'connection.offline': 'Sin conexión. Lo que escribas se guarda y se envía después.',
	'connection.retry': 'Probar ahora',
	'connection.trying': 'Probando…',
	'connection.back': 'Conexión recuperada.',
	'connection.waiting': {
		one: '{count} mensaje en espera.',
		many: '{count} de mensajes en espera.',
		other: '{count} mensajes en espera.',
	},

	'update.ready': 'Hay una versión nueva.',
	'update.uploading': 'La versión nueva empezará cuando se hayan subido tus archivos.',
	'update.reload': 'Recargar',
	'update.later': 'Más tarde',
};
