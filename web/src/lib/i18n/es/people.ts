import type { people as en } from '../en/people.ts';
import type { Translated } from '../plural.ts';

export const people: Translated<typeof en> = {
	'people.find': 'Buscar personas',
	'people.hint': 'Escribe un nombre o un nombre de usuario.',
	'people.none': 'No se ha encontrado a nadie.',
	'people.results': 'Personas encontradas',
	'people.add': 'Añadir personas',
	'people.chosen': 'Personas elegidas',
	'people.remove': 'Quitar a {name}',
};
