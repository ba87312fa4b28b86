# The page that explains the codes of problems.
errors-title = Códigos de error
errors-intro = Todo fallo se responde como application/problem+json (RFC 9457). Su «code» es estable; un «error» de WebSocket lleva los mismos.

# What each code means to who writes a client.
meaning-malformed-body = El cuerpo no es JSON, o no es un objeto JSON donde se pide uno.
meaning-malformed-frame = Una trama de WebSocket no es un objeto JSON con «action», o es binaria. La conexión sigue abierta.
meaning-unknown-action = Una trama de WebSocket nombra una acción que no existe. La conexión sigue abierta.
meaning-validation-failed = La solicitud se entendió, pero no se aceptó. «errors» dice de cada miembro qué tiene mal.
meaning-invalid-cursor = El «cursor» no procede de «next» ni de «previous» de esa lista. Empieza de nuevo por su primera página.
meaning-host-not-allowed = La cabecera Host nombra un servidor por el que este no responde; véase ALLOWED_HOSTS.
meaning-not-authenticated = La solicitud no trae ningún token de acceso, ni como cabecera ni como cookie.
meaning-invalid-credentials = No hay ninguna cuenta con ese nombre y esa contraseña.
meaning-invalid-token = El token no es de este servidor, ha caducado o ya se gastó. auth/refresh/ da un token de acceso nuevo.
meaning-session-ended = La sesión del token ha terminado: se cerró, cambió la contraseña o un token de refresco llegó dos veces. Inicia sesión de nuevo.
meaning-account-disabled = La cuenta está fuera de uso.
meaning-forbidden = La cuenta puede verlo, pero su papel no permite lo que se pidió.
meaning-origin-not-allowed = Un navegador envió cookies, o abrió un WebSocket, desde un sitio que no es este servidor ni figura en ALLOWED_ORIGINS.
meaning-not-a-member = La sala pública se puede ver, pero solo sus miembros leen y escriben en ella.
meaning-room-closed = La sala se cerró para siempre: se puede leer, pero todo cambio se rechaza.
meaning-registration-closed = El servidor no crea cuentas a petición; véase REGISTRATION.
meaning-email-not-verified = El servidor pide una dirección de correo verificada (REQUIRE_VERIFIED_EMAIL). Hasta que se siga el enlace del correo, la cuenta solo puede usar auth/ y users/me/.
meaning-direct-messages-refused = Esa persona no acepta mensajes directos de esta cuenta, o hay un bloqueo entre las dos.
meaning-contact-refused = Hay un bloqueo entre las dos cuentas. No se dice quién lo ha puesto.
meaning-not-found = No hay nada en esa dirección, o la cuenta no debe saber de ello.
meaning-method-not-allowed = La dirección existe, pero no para ese método. «Allow» enumera los que admite.
meaning-upgrade-required = La dirección es una puerta de WebSocket: empieza con su saludo.
meaning-conflict = La solicitud no encaja con el estado actual, que puede haber cambiado entretanto. Vuelve a leerlo.
meaning-direct-room = De un chat directo no se sale, no se le cambia el nombre, no se une nadie y no tiene papeles.
meaning-setup-done = Ya se creó la primera cuenta de administración: el enlace no vale nada.
meaning-last-superuser = La última cuenta de superusuario activa no se puede eliminar.
meaning-no-mail = El servidor no tiene servidor de correo; véase SMTP_URL.
meaning-payload-too-large = El cuerpo, o un archivo en él, es mayor de lo que el servidor acepta.
meaning-unsupported-media-type = El cuerpo es de otro tipo que el que acepta la dirección: JSON, si no dice otra cosa.
meaning-range-not-satisfiable = El archivo termina antes del intervalo pedido.
meaning-too-many-requests = Se alcanzó un límite. «Retry-After» dice cuántos segundos hay que esperar.
meaning-internal = Un defecto del servidor. Su registro guarda la causa bajo «request_id».
meaning-unavailable = La base de datos u otra parte no atiende en este momento, o el nodo se está deteniendo. Inténtalo de nuevo tras los segundos de «Retry-After»; repite un envío con el mismo «client_id».
