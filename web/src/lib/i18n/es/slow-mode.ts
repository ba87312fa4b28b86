import type { slowMode as en } from '../en/slow-mode.ts';
import type { Translated } from '../plural.ts';

export const slowMode: Translated<typeof en> = {
	'room.slow_mode': 'Modo lento',
	'room.slow_mode.hint':
		'Cuánto esperan los miembros entre dos mensajes. Quien puede borrar mensajes no espera.',
	'room.slow_mode.off': 'Desactivado',
	'room.slow_mode.on': 'Modo lento: un mensaje cada {time}.',
	'room.slow_mode.left': 'Modo lento: puedes volver a escribir dentro de {time}.',
};
