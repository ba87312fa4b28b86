# What the server says in a room, in one sentence.
system-member-joined = { $actor } joined
system-member-left = { $actor } left
system-member-added = { $actor } added { $user }
system-member-removed = { $actor } removed { $user }
system-room-renamed = { $actor } renamed the room to “{ $name }”
