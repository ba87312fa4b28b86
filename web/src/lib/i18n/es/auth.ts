import type { auth as en } from '../en/auth.ts';
import type { Translated } from '../plural.ts';

export const auth: Translated<typeof en> = {
	'auth.sign_in': 'Iniciar sesión',
	'auth.sign_in.title': 'Inicia sesión en Charla',
	'auth.sign_up': 'Crear cuenta',
	'auth.sign_up.title': 'Crea tu cuenta',
	'auth.sign_out': 'Cerrar sesión',
	'auth.no_account': '¿Es tu primera vez?',
	'auth.no_account.closed': 'Aquí solo los administradores crean cuentas nuevas.',
	'auth.no_account.invite': 'Para crear una cuenta hace falta un enlace de invitación.',
	'auth.have_account': '¿Ya tienes una cuenta?',
	'auth.setup.title': 'Prepara este servidor',
	'auth.setup.text':
		'Crea la primera cuenta. Administra este servidor: resuelve denuncias, avisa, silencia y expulsa, crea invitaciones y puede eliminar los mensajes de cualquiera.',
	'auth.setup.no_token':
		'A la dirección de esta página le falta su código. Abre el enlace que el servidor mostró al arrancar.',
	'auth.ended': 'Tu sesión ha terminado. Vuelve a iniciar sesión para continuar.',
	'auth.farewell.owed':
		'Has cerrado sesión aquí y no queda nada tuyo. No se pudo contactar con el servidor: allí la sesión terminará cuando esta página lo alcance.',
	'auth.farewell.said': 'Tu sesión ha terminado también en el servidor.',
	'auth.deleted': 'Tu cuenta se ha eliminado. Hasta siempre, y gracias.',
	'auth.to_sign_in': 'Volver a iniciar sesión',
	'auth.go_on': 'Continuar a Charla',
	'auth.code': 'Código',
	'auth.code.title': 'Tu código',
	'auth.code.hint':
		'Escribe los 6 dígitos que muestra tu aplicación de autenticación, o uno de tus códigos de recuperación.',
	'auth.code.back': 'Volver a empezar',
	'auth.code.expired': 'Has tardado demasiado. Vuelve a iniciar sesión.',
	'auth.show': 'Mostrar lo que escribes',

	'auth.too_often': {
		one: 'Demasiados intentos. Vuelve a probar dentro de {count} segundo.',
		many: 'Demasiados intentos. Vuelve a probar dentro de {count} de segundos.',
		other: 'Demasiados intentos. Vuelve a probar dentro de {count} segundos.',
	},
	'auth.too_often.minutes': {
		one: 'Demasiados intentos. Vuelve a probar dentro de {count} minuto.',
		many: 'Demasiados intentos. Vuelve a probar dentro de {count} de minutos.',
		other: 'Demasiados intentos. Vuelve a probar dentro de {count} minutos.',
	},
	'auth.too_often.over': 'Ya puedes volver a probar.',

	'auth.invited': 'Tienes una invitación. Crea una cuenta para entrar.',
	'auth.invite_required': 'En este servidor se entra con invitación',
	'auth.invite_required.text':
		'Pide un enlace de invitación a alguien que ya esté dentro y ábrelo. El que traías, si traías uno, ya no vale.',
	'auth.closed': 'Este servidor no admite cuentas nuevas',
	'auth.closed.text': 'Pide una cuenta a quien lo administra.',
	'auth.invite_bad': 'La invitación que traías ya no vale. Puedes crear la cuenta sin ella.',
	'auth.without_invite': 'Crear la cuenta sin la invitación',

	'rule.met': 'cumplido',
	'rule.unmet': 'aún no se cumple',
	'rule.username.length': 'De 3 a 64 caracteres',
	'rule.username.characters': 'Solo letras, cifras y @ . + - _',
	'rule.password.length': 'Al menos 8 caracteres',
	'rule.password.own': 'Distinta de tu nombre de usuario y de tu correo',

	'forgot.ask': '¿Sin contraseña? Pide otra a un administrador.',
	'forgot.link': '¿Has olvidado la contraseña?',
	'forgot.title': 'Elige una contraseña nueva',
	'forgot.text':
		'Escribe la dirección de correo de tu cuenta. Si existe y este servidor envía correo, te llegará un enlace que vale una hora.',
	'forgot.send': 'Enviar el enlace',
	'forgot.sent': 'Mira tu correo',
	'forgot.sent.text':
		'Si alguna cuenta tiene la dirección {email} y este servidor envía correo, ya va un enlace hacia ella. Puede tardar un minuto; mira también en el correo no deseado. Si no llega ninguno, pregunta a quien administra este servidor.',
	'forgot.again': 'Usar otra dirección',

	'reset.title': 'Tu contraseña nueva',
	'reset.password': 'Contraseña nueva',
	'reset.save': 'Guardar la contraseña',
	'reset.done': 'Tu contraseña nueva ya vale',
	'reset.done.text':
		'Se ha cerrado tu sesión en todas partes. Inicia sesión con tu contraseña nueva.',
	'reset.bad': 'Este enlace ya no vale',
	'reset.bad.text': 'Ya se usó o es demasiado antiguo. Pide uno nuevo.',
	'reset.ask': 'Pedir un enlace nuevo',

	'verify.title': 'Tu dirección de correo',
	'verify.busy': 'Un momento…',
	'verify.done': 'Tu dirección de correo está verificada',
	'verify.done.text': 'Gracias. Desde ahora sirve para recuperar tu cuenta.',
	'verify.bad': 'Este enlace ya no vale',
	'verify.bad.text':
		'Ya se usó, o tu dirección ha cambiado desde entonces. Inicia sesión para que te enviemos otro.',
	'verify.first': 'Verifica tu dirección de correo',
	'verify.first.text': 'Hemos enviado un enlace a {email}. Ábrelo y podrás empezar.',
	'verify.again': 'Volver a enviar el enlace',
	'verify.sent': 'Ya va otro enlace.',
	'verify.change': '¿No es tu dirección?',
	'verify.change.save': 'Usar esta dirección',
	'verify.look': 'Ya lo he abierto',
	'verify.not_yet': 'Tu dirección aún no está verificada. Abre antes el enlace del correo.',

	'invite.title': 'Invitación',
	'invite.text': 'Te han invitado a',
	'invite.members': {
		one: '{count} miembro',
		many: '{count} de miembros',
		other: '{count} miembros',
	},
	'invite.join': 'Unirme a {name}',
	'invite.sign_in_first': 'Inicia sesión o crea una cuenta para unirte.',
	'invite.sign_in': 'Inicia sesión para unirte.',
	'invite.bad': 'Esta invitación ya no vale',
	'invite.bad.text': 'Ha caducado, se ha agotado o la han retirado. Pide otra a quien te la envió.',
	'invite.elsewhere': 'Ir a tus salas',
	'invite.as': 'Has iniciado sesión como {name}.',
};
