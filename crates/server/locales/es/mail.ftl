# Mails. Names that somebody chose never stand in them as words: others could mail their own words by them.
mail-reset-subject = Elige una contraseña nueva
mail-reset-text = Alguien, esperamos que tú, ha pedido una contraseña nueva para la cuenta de esta dirección. El enlace sirve durante una hora y una sola vez.
mail-reset-link = Elegir una contraseña nueva
mail-reset-otherwise = Si no has sido tú, no tienes que hacer nada: tu contraseña sigue siendo la misma.
mail-verify-subject = Verifica tu dirección de correo
mail-verify-text = Se ha indicado esta dirección para una cuenta. Sigue el enlace para mostrar que es tuya. Sirve durante 24 horas y una sola vez.
mail-verify-link = Verificar esta dirección
mail-verify-otherwise = Si no la has indicado tú, no tienes que hacer nada.
mail-sign-in-subject = Nuevo inicio de sesión en tu cuenta
mail-sign-in-text = Alguien ha iniciado sesión en tu cuenta desde un dispositivo que no se había usado antes.
mail-sign-in-otherwise = Si no has sido tú, cambia tu contraseña cuanto antes: así se cierra la sesión en los demás dispositivos.
mail-password-changed-subject = Se ha cambiado tu contraseña
mail-password-changed-text = Se ha cambiado la contraseña de tu cuenta y se ha cerrado la sesión en otros dispositivos.
mail-password-changed-otherwise = Si no has sido tú, pide cuanto antes una contraseña nueva con «¿Has olvidado la contraseña?» donde inicias sesión.
mail-email-changed-subject = Se ha cambiado tu dirección de correo
mail-email-changed-text = Tu cuenta tiene ahora otra dirección de correo. A esta ya no llegarán más mensajes.
mail-email-changed-otherwise = Si no has sido tú, avisa a quien administra el servidor.
mail-two-factor-on-subject = Se ha activado la verificación en dos pasos
mail-two-factor-on-text = A partir de ahora, para iniciar sesión en tu cuenta hace falta un código además de la contraseña. Se ha cerrado la sesión en otros dispositivos.
mail-two-factor-on-otherwise = Si no has sido tú, avisa a quien administra el servidor: alguien conoce tu contraseña.
mail-two-factor-off-subject = Se ha desactivado la verificación en dos pasos
mail-two-factor-off-text = A partir de ahora, para iniciar sesión en tu cuenta basta la contraseña.
mail-two-factor-off-otherwise = Si no has sido tú, cambia tu contraseña cuanto antes y vuelve a activar la verificación en dos pasos.
mail-account = Cuenta
mail-time = Fecha y hora
mail-device = Dispositivo
mail-address = Dirección de red
mail-footer = Enviado por Charla en { $host }. Las respuestas a este mensaje no se leen.

# What stands where the name of a deleted account stood.
deleted-user = Cuenta eliminada
