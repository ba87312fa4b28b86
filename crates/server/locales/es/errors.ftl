# What went wrong in general.
title-malformed-body = Cuerpo mal formado
title-malformed-frame = Trama mal formada
title-unknown-action = Acción desconocida
title-validation-failed = No aceptado
title-invalid-cursor = Cursor no válido
title-image-too-large = Imagen demasiado grande
title-invalid-image = Imagen dañada
title-host-not-allowed = Nombre de servidor no permitido
title-not-authenticated = Sin sesión
title-invalid-credentials = Nombre o contraseña incorrectos
title-two-factor-required = Falta el código
title-invalid-token = Token no válido
title-session-ended = Sesión terminada
title-account-disabled = Cuenta desactivada
title-banned = Cuenta expulsada
title-muted = Cuenta silenciada
title-forbidden = No permitido
title-missing-scope = No permitido a este token
title-origin-not-allowed = Origen no permitido
title-not-a-member = No eres miembro
title-room-closed = Sala cerrada
title-registration-closed = Registro cerrado
title-email-not-verified = Correo sin verificar
title-two-factor-setup-required = Falta el segundo factor
title-invite-required = Hace falta una invitación
title-direct-messages-refused = Mensajes directos rechazados
title-contact-refused = Contacto rechazado
title-not-found = No encontrado
title-invite-invalid = Invitación no válida
title-method-not-allowed = Método no permitido
title-upgrade-required = Se requiere WebSocket
title-conflict = Conflicto
title-direct-room = Chat directo
title-setup-done = Ya configurado
title-last-superuser = Última cuenta de administración
title-no-mail = Sin correo
title-too-many-invites = Demasiadas invitaciones
title-payload-too-large = Demasiado grande
title-unsupported-media-type = Tipo de contenido no admitido
title-range-not-satisfiable = Intervalo no disponible
title-too-many-requests = Demasiadas solicitudes
title-internal = Error interno
title-unavailable = No disponible

# What went wrong this time.
detail-malformed-body = El cuerpo no es JSON válido.
detail-malformed-frame = La trama no es una acción válida.
detail-unknown-action = No existe esa acción.
detail-validation-failed = Algunos datos no se han aceptado.
detail-invalid-cursor = Esta dirección de página no es válida. Empieza de nuevo por la primera página.
detail-image-too-large = Esa imagen tiene demasiados píxeles o fotogramas.
detail-invalid-image = Esa imagen está dañada.
detail-host-not-allowed = Este servidor no responde con ese nombre. Quien lo administra puede añadirlo a ALLOWED_HOSTS.
detail-not-authenticated = Inicia sesión, por favor.
detail-invalid-credentials = Ninguna cuenta coincide con ese nombre y esa contraseña.
detail-two-factor-required = Escribe el código que muestra tu aplicación de autenticación, o un código de recuperación.
detail-invalid-token = El token no es válido o ha caducado.
detail-session-ended = Esta sesión ha terminado. Vuelve a iniciar sesión.
detail-account-disabled = Esta cuenta está desactivada.
detail-banned = { $until ->
    [never] Esta cuenta está expulsada.
   *[other] Esta cuenta está expulsada hasta el { $until }.
}
detail-muted = { $until ->
    [never] Puedes leer, pero no escribir.
   *[other] Puedes leer, pero no escribir hasta el { $until }.
}
detail-forbidden = No tienes permiso para hacer eso.
detail-missing-scope = El token de este bot no permite hacer eso.
detail-origin-not-allowed = No se aceptan solicitudes desde ese sitio. Quien administra el servidor puede añadirlo a ALLOWED_ORIGINS.
detail-not-a-member = Primero únete a la sala.
detail-room-closed = La sala está cerrada: se puede leer, pero no cambiar.
detail-registration-closed = Este servidor no admite cuentas nuevas.
detail-email-not-verified = Primero verifica tu dirección de correo: sigue el enlace que te enviamos.
detail-two-factor-setup-required = Este servidor pide un segundo factor a su personal: actívalo y mantenlo activo.
detail-invite-required = Este servidor admite cuentas nuevas con invitación. Pide un enlace.
detail-direct-messages-refused = No puedes intercambiar mensajes directos con esta persona.
detail-contact-refused = No puedes contactar con esta persona.
detail-not-found = Aquí no hay nada, o no puedes verlo.
detail-invite-invalid = Esta invitación ya no es válida.
detail-method-not-allowed = Esta dirección no admite ese método.
detail-upgrade-required = Esta dirección habla WebSocket.
detail-conflict = Eso no encaja con el estado actual.
detail-direct-room = Un chat directo no admite eso.
detail-setup-done = Ya se creó la primera cuenta de administración.
detail-last-superuser = Tu cuenta es la última de administración de este servidor. Crea otra antes.
detail-no-mail = Este servidor no envía correo.
detail-too-many-invites = Ya hay tantas invitaciones como puede haber. Retira una antes.
detail-payload-too-large = Es demasiado grande: puede tener como máximo { $limit }.
detail-unsupported-media-type = Envíalo con el tipo que admite esta dirección: application/json, o multipart/form-data para archivos.
detail-range-not-satisfiable = El archivo no tiene esos bytes.
detail-too-many-requests = { $seconds ->
    [one] Demasiado seguido. Inténtalo de nuevo en un segundo.
   *[other] Demasiado seguido. Inténtalo de nuevo en { $seconds } segundos.
}
detail-internal = Algo ha fallado en el servidor. Ha quedado registrado.
detail-unavailable = El servidor no puede hacerlo ahora mismo. Inténtalo de nuevo en un momento.

# What is wrong with a field.
field-required = Este campo es obligatorio.
field-invalid = Este valor no es válido.
field-choose-one = Elige uno de estos valores: { $values }.
field-no-text = Tiene que ser un texto.
field-no-id = Tiene que ser un identificador: un UUID, como texto.
field-no-time = Escribe un momento como 2026-01-31T12:00:00Z.
field-no-switch = Tiene que ser true o false.
field-no-number = Tiene que ser un número entero.
field-no-list = Tiene que ser una lista.
field-no-object = Tiene que ser un objeto.
field-blank = No puede quedar en blanco.
field-too-short = { $min ->
    [one] Usa al menos un carácter.
   *[other] Usa al menos { $min } caracteres.
}
field-too-long = Usa como máximo { $max } caracteres.
field-too-many = Indica como máximo { $max }.
field-out-of-range = Elige un número del { $min } al { $max }.
field-taken = Ya está en uso.
field-username-characters = Usa solo letras, cifras y @ . + - _.
field-invalid-email = Escribe una dirección de correo válida.
field-invalid-phone = Escribe el número en formato internacional, por ejemplo +34600123456.
field-password-common = Esta contraseña es demasiado común.
field-password-similar = Esta contraseña se parece demasiado a tu nombre o a tu correo.
field-wrong-password = Esta no es tu contraseña.
field-wrong-code = Este código no es correcto o ya se ha usado.
field-link-invalid = Este enlace ya no sirve. Pide uno nuevo.
field-unknown-user = No existe esa persona.
field-no-emoji = Eso no es un solo emoji.
field-too-many-reactions = El mensaje ya tiene todas las reacciones distintas que puede tener.
field-reserved = Este nombre no está disponible.
field-another-socket = Este socket es de una sola sala: no envíes room_id, o usa /ws/.
field-used-elsewhere = Ya enviaste otro mensaje con este nombre, en otra sala.
field-unknown-message = No existe ese mensaje en esta sala.
field-direct-by-server = Los chats directos se abren con direct_chat/.
field-system-by-server = Solo el servidor escribe mensajes del sistema.
field-attachments-missing = No son archivos tuyos que esperen un mensaje.
field-twice = Nombra cada uno una sola vez.
field-needs-attachments = El servidor lo elige según los archivos adjuntos, y no hay ninguno.
field-empty-file = Este archivo está vacío.
field-one-file = Envía un solo archivo cada vez.
field-no-picture = Elige una imagen JPEG, PNG, WebP o GIF.
field-invalid-image = Esta imagen está dañada.
field-invalid-media = Este archivo está dañado, y no se puede quitar lo que dice de su lugar.
field-image-too-large = Una imagen puede tener { $side } píxeles por lado, { $megapixels } megapíxeles, { $frames } fotogramas con { $all } megapíxeles en total, y { $bytes } MiB.
field-not-offered = Este servidor no ofrece esa opción.
field-yourself = No puedes elegirte a ti mismo.
field-is-bot = Es un bot: no tiene amistades.
field-bot-of-others = Solo quien tiene el bot puede traerlo a una sala privada.
field-too-many-bots = Tienes tantos bots como puede tener una cuenta.
field-too-many-tokens = El bot tiene tantos tokens como puede tener.
field-one-target = Indica un mensaje o una persona.
field-no-end = Una advertencia no tiene fin.
field-in-past = Elige un momento futuro.
field-invite-invalid = Esta invitación ya no es válida.
field-too-many-pins = La sala tiene tantos mensajes fijados como puede tener.
