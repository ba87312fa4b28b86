# What the server says in a room, in one sentence.
system-member-joined = { $actor } se ha unido
system-member-left = { $actor } ha salido
system-member-added = { $actor } ha añadido a { $user }
system-member-removed = { $actor } ha expulsado a { $user }
system-room-renamed = { $actor } ha cambiado el nombre de la sala a «{ $name }»
