import type { notifications as en } from '../en/notifications.ts';
import type { Translated } from '../plural.ts';

export const notifications: Translated<typeof en> = {
	'inbox.title': 'Bandeja de entrada',
	'inbox.show': 'Qué mostrar',
	'inbox.show.all': 'Todo',
	'inbox.show.mentions': 'Menciones',
	'inbox.show.replies': 'Respuestas',
	'inbox.show.requests': 'Solicitudes',
	'inbox.mentioned': 'te ha mencionado',
	'inbox.mentioned_in': 'te ha mencionado en {room}',
	'inbox.mentioned_all': 'ha llamado a todos en {room}',
	'inbox.replied': 'te ha respondido',
	'inbox.replied_in': 'te ha respondido en {room}',
	'inbox.requested': 'te pide amistad',
	'inbox.yours': 'Escribiste: {text}',
	'inbox.unread': 'Sin leer',
	'inbox.count': {
		one: '{count} novedad',
		many: '{count} de novedades',
		other: '{count} novedades',
	},
	'inbox.empty': 'Aún no hay nada',
	'inbox.empty.text':
		'Cuando alguien te mencione, te responda o te pida amistad, lo encontrarás aquí.',
	'inbox.empty.shown': 'Aún no hay nada de esto.',
	'inbox.loading': 'Cargando tu bandeja…',
	'inbox.failed': 'No se ha podido cargar tu bandeja.',
	'inbox.more': 'Mirar más atrás',
	'inbox.more.busy': 'Mirando más atrás…',
	'inbox.more.failed': 'No se ha podido cargar lo anterior.',
	'inbox.settings': 'Ajustes de las notificaciones',

	'shortcuts.inbox': 'Abrir la bandeja de entrada',

	'notifications.desktop': 'En este dispositivo',
	'notifications.desktop.text':
		'Te avisa de los mensajes nuevos mientras estás en otro sitio: en otra sala, en otra pestaña, en otro programa.',
	'notifications.turn_on': 'Activar las notificaciones',
	'notifications.show': 'Mostrar notificaciones',
	'notifications.content': 'Mostrar lo que se ha escrito',
	'notifications.content.hint':
		'Si lo desactivas, una notificación solo dice quién ha escrito y dónde.',
	'notifications.try': 'Mostrar una ahora',
	'notifications.try.title': 'Así se ve',
	'notifications.try.text': 'Al tocarla vas al mensaje.',
	'notifications.denied':
		'Tu navegador no deja que esta página muestre notificaciones. Permítelas en los ajustes de la página, que se abren con el símbolo junto a la dirección.',
	'notifications.unsupported':
		'Este navegador no muestra notificaciones de esta página. Necesitan una dirección segura (https), y en iPhone y iPad, Charla en la pantalla de inicio.',
	'notifications.dismissed':
		'No se ha dado permiso al navegador. Puedes activarlas cuando quieras.',
	'notifications.sound': 'Sonido',
	'notifications.sound.on': 'Reproducir un sonido',
	'notifications.sound.here': 'También en la sala que está en pantalla',
	'notifications.sound.try': 'Escucharlo',
	'notifications.rooms': 'Salas tranquilas',
	'notifications.rooms.text':
		'De qué te avisa una sala se elige en sus detalles, y es igual en todos tus dispositivos.',
	'notifications.rooms.none': 'Todas tus salas te avisan de todos los mensajes.',
	'notifications.rooms.open': 'Detalles de {room}',
	'notifications.hint': 'Se guarda en este dispositivo.',
	'notifications.message': 'Mensaje nuevo',
	'notifications.in_room': '{name} en {room}',
	'notifications.mentioned': '{name} te ha mencionado',
	'notifications.mentioned_in': '{name} te ha mencionado en {room}',
	'notifications.request': 'Solicitud de amistad',
	'notifications.request.text': '{name} te pide amistad.',
};
