import type { auth as en } from '../en/auth.ts';
import type { Translated } from '../plural.ts';

export const auth: Translated<typeof en> = {
	'auth.sign_in': 'Iniciar sesión',
	'auth.sign_in.title': 'Inicia sesión en Charla',
	'auth.sign_up': 'Crear cuenta',
	'auth.sign_up.title': 'Crea tu cuenta',
	'auth.sign_out': 'Cerrar sesión',
	'auth.no_account': '¿Es tu primera vez?',
	'auth.have_account': '¿Ya tienes una cuenta?',
	'auth.setup.title': 'Prepara este servidor',
	'auth.setup.text': 'Crea la primera cuenta. Será la que administre este servidor.',
	'auth.setup.no_token':
		'A la dirección de esta página le falta su código. Abre el enlace que el servidor mostró al arrancar.',
	'auth.ended': 'Tu sesión ha terminado. Vuelve a iniciar sesión para continuar.',
};
