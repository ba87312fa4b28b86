import type { moderation as en } from '../en/moderation.ts';
import type { Translated } from '../plural.ts';

export const moderation: Translated<typeof en> = {
	'report.message': 'Denunciar un mensaje de {name}',
	'report.person': 'Denunciar a {name}',
	'report.message.text':
		'Quienes administran este servidor podrán leer el mensaje tal como está ahora. {name} no lo sabrá.',
	'report.person.text': 'Lo mirarán quienes administran este servidor. {name} no lo sabrá.',
	'report.reason': '¿Qué ocurre?',
	'report.reason.spam': 'Publicidad o correo basura',
	'report.reason.harassment': 'Insultos o acoso',
	'report.reason.harm': 'Alguien puede sufrir daño',
	'report.reason.illegal': 'Va contra la ley',
	'report.reason.other': 'Otra cosa',
	'report.note': '¿Qué más deberían saber? (opcional)',
	'report.send': 'Enviar la denuncia',
	'report.sent': 'Tu denuncia ha llegado a quienes administran este servidor.',

	'sanction.warning': 'Aviso',
	'sanction.mute': 'Silencio',
	'sanction.ban': 'Expulsión',
	'sanction.until': 'hasta el {time}',
	'sanction.endless': 'sin fin',
	'sanction.ended': 'terminó el {time}',
	'sanction.lifted': 'levantado el {time}',
	'sanction.given': '{time}, por {name}',

	'standing.warned': 'Quienes administran este servidor te avisan: {reason}',
	'standing.muted': 'Puedes leer, pero no escribir: {reason}',
	'standing.muted_until': 'Puedes leer, pero no escribir hasta el {time}: {reason}',
	'standing.read': 'Lo he leído',
	'standing.title': 'Avisos y silencios',
	'standing.text': 'Lo que quienes administran este servidor han decidido sobre tu cuenta.',
	'standing.failed': 'No se han podido cargar los avisos y silencios.',
};
