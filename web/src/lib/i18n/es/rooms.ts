import type { rooms as en } from '../en/rooms.ts';
import type { Translated } from '../plural.ts';

export const rooms: Translated<typeof en> = {
	'group.title': 'Nuevo grupo',
	'group.name': 'Nombre',
	'group.topic': 'Tema',
	'group.optional': 'opcional',
	'group.visibility': 'Quién puede unirse',
	'group.private': 'Privado',
	'group.private.hint': 'Solo las personas añadidas.',
	'group.public': 'Público',
	'group.public.hint': 'Cualquiera en este servidor puede encontrarlo y unirse.',
	'group.create': 'Crear grupo',

	'browse.title': 'Salas públicas',
	'browse.search': 'Buscar salas públicas',
	'browse.none': 'No se han encontrado salas públicas.',
	'browse.join': 'Unirse',
	'browse.open': 'Abrir',
	'browse.join_named': 'Unirse a {name}',
	'browse.open_named': 'Abrir {name}',
	'browse.more': 'Mostrar más',

	'room.back': 'Volver a las salas',
	'room.details': 'Detalles',
	'room.members': 'Miembros',
	'room.member_count': {
		one: '{count} miembro',
		many: '{count} de miembros',
		other: '{count} miembros',
	},
	'room.leave': 'Salir de la sala',
	'room.leave.confirm': '¿Salir de «{name}»?',
	'room.leave.text': 'Dejarás de recibir mensajes de esta sala.',
	'room.closed': 'Esta sala está cerrada. Se puede leer, pero no añadir nada.',
	'room.not_joined': 'Aún no te has unido a esta sala.',
	'room.not_found': 'Esta sala no existe o no puedes verla.',
	'room.direct': 'Chat directo',
	'room.private_group': 'Grupo privado',
	'room.public_room': 'Sala pública',
	'room.add': 'Añadir',
	'room.you': 'tú',
	'room.unnamed': 'Sala sin nombre',

	'role.owner': 'Propietario',
	'role.admin': 'Administrador',
	'role.member': 'Miembro',
};
