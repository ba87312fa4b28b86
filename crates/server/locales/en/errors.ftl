# What went wrong in general.
title-malformed-body = Malformed body
title-malformed-frame = Malformed frame
title-unknown-action = Unknown action
title-validation-failed = Not accepted
title-invalid-cursor = Invalid cursor
title-image-too-large = Picture too large
title-invalid-image = Damaged picture
title-host-not-allowed = Host not allowed
title-not-authenticated = Not signed in
title-invalid-credentials = Wrong name or password
title-two-factor-required = Code required
title-invalid-token = Invalid token
title-session-ended = Session ended
title-account-disabled = Account disabled
title-banned = Banned
title-muted = Muted
title-forbidden = Not allowed
title-missing-scope = Not permitted to this token
title-origin-not-allowed = Origin not allowed
title-not-a-member = Not a member
title-room-closed = Room closed
title-registration-closed = Registration closed
title-email-not-verified = E-mail address not verified
title-two-factor-setup-required = Second factor required
title-invite-required = Invite required
title-direct-messages-refused = Direct messages refused
title-contact-refused = Contact refused
title-not-found = Not found
title-invite-invalid = Invite not valid
title-method-not-allowed = Method not allowed
title-upgrade-required = Upgrade required
title-conflict = Conflict
title-direct-room = Direct room
title-setup-done = Already set up
title-last-superuser = Last administrator
title-no-mail = No mail
title-too-many-invites = Too many invites
title-payload-too-large = Too large
title-unsupported-media-type = Unsupported media type
title-range-not-satisfiable = Range not satisfiable
title-too-many-requests = Too many requests
title-internal = Internal error
title-unavailable = Not available

# What went wrong this time.
detail-malformed-body = The body is not valid JSON.
detail-malformed-frame = The frame is not a valid action.
detail-unknown-action = There is no such action.
detail-validation-failed = Some of the data was not accepted.
detail-invalid-cursor = This page address is not valid. Start again from the first page.
detail-image-too-large = That picture has too many pixels or frames.
detail-invalid-image = That picture is damaged.
detail-host-not-allowed = This server does not answer under that name. Whoever runs it can add it to ALLOWED_HOSTS.
detail-not-authenticated = Please sign in.
detail-invalid-credentials = No account matches this name and password.
detail-two-factor-required = Enter the code that your authenticator shows, or a recovery code.
detail-invalid-token = The token is not valid or has expired.
detail-session-ended = This session has ended. Please sign in again.
detail-account-disabled = This account is disabled.
detail-banned = { $until ->
    [never] This account is banned.
   *[other] This account is banned until { $until }.
}
detail-muted = { $until ->
    [never] You may read, but not write.
   *[other] You may read, but not write until { $until }.
}
detail-forbidden = You are not allowed to do that.
detail-missing-scope = The token of this bot does not permit that.
detail-origin-not-allowed = Requests from that site are not accepted. Whoever runs the server can add it to ALLOWED_ORIGINS.
detail-not-a-member = Join the room first.
detail-room-closed = The room is closed: it can be read, but not changed.
detail-registration-closed = This server takes no new accounts.
detail-email-not-verified = Verify your e-mail address first: follow the link that was mailed to you.
detail-two-factor-setup-required = This server asks its staff for a second factor: set it up, and keep it on.
detail-invite-required = This server takes new accounts by invite. Ask for a link.
detail-direct-messages-refused = You can't exchange direct messages with this person.
detail-contact-refused = You can't contact this person.
detail-not-found = There is nothing here, or you may not see it.
detail-invite-invalid = This invite is not valid any more.
detail-method-not-allowed = This address does not know that method.
detail-upgrade-required = This address speaks WebSocket.
detail-conflict = That does not fit the present state.
detail-direct-room = A direct chat can't do that.
detail-setup-done = The first administrator has been made already.
detail-last-superuser = You are the last administrator of this server. Make another one first.
detail-no-mail = This server sends no mail.
detail-too-many-invites = There are as many invites as there can be. Withdraw one first.
detail-payload-too-large = That is too large: it may have at most { $limit }.
detail-unsupported-media-type = Send it as the type that this address takes: application/json, or for files multipart/form-data.
detail-range-not-satisfiable = The file has no such bytes.
detail-too-many-requests = { $seconds ->
    [one] Too often. Try again in a second.
   *[other] Too often. Try again in { $seconds } seconds.
}
detail-internal = Something went wrong on the server. It has been noted.
detail-unavailable = The server can't do that just now. Try again in a moment.

# What is wrong with a field.
field-required = This is required.
field-invalid = This is not valid.
field-choose-one = Choose one of: { $values }.
field-no-text = This must be a text.
field-no-id = This must be an id: a UUID, as a text.
field-no-time = Write a time such as 2026-01-31T12:00:00Z.
field-no-switch = This must be true or false.
field-no-number = This must be a whole number.
field-no-list = This must be a list.
field-no-object = This must be an object.
field-blank = This must not be blank.
field-too-short = { $min ->
    [one] Use at least one character.
   *[other] Use at least { $min } characters.
}
field-too-long = Use at most { $max } characters.
field-too-many = Name at most { $max }.
field-out-of-range = Choose a number from { $min } to { $max }.
field-taken = This is taken already.
field-username-characters = Use letters, digits and @ . + - _ only.
field-invalid-email = Enter a valid e-mail address.
field-invalid-phone = Enter the number in international form, such as +34600123456.
field-password-common = This password is too common.
field-password-similar = This password is too similar to your name or e-mail address.
field-wrong-password = This is not your password.
field-wrong-code = This code is not right, or was used already.
field-link-invalid = This link is no longer good. Ask for a new one.
field-unknown-user = There is no such person.
field-no-emoji = That is not one emoji.
field-too-many-reactions = There are as many different reactions as a message can have.
field-reserved = This name is not to be had.
field-another-socket = This socket is of one room only: leave room_id out, or use /ws/.
field-used-elsewhere = You have sent another message under this name, in another room.
field-unknown-message = There is no such message in this room.
field-direct-by-server = Direct chats are opened with direct_chat/.
field-system-by-server = Only the server writes system messages.
field-attachments-missing = These are not uploads of yours that wait for a message.
field-twice = Name each only once.
field-needs-attachments = The server chooses this by the attachments, and there are none.
field-empty-file = This file is empty.
field-one-file = Send one file at a time.
field-no-picture = Choose a JPEG, PNG, WebP or GIF picture.
field-invalid-image = This picture is damaged.
field-invalid-media = This file is damaged, so that what it says of its place can't be taken out.
field-image-too-large = A picture may have { $side } pixels a side, { $megapixels } megapixels, { $frames } frames with { $all } megapixels together, and { $bytes } MiB.
field-not-offered = This server does not offer that.
field-yourself = You can't choose yourself.
field-is-bot = This is a bot: it has no friends.
field-bot-of-others = Only its owner can bring a bot into a private room.
field-too-many-bots = You have as many bots as an account can have.
field-too-many-tokens = The bot has as many tokens as it can have.
field-one-target = Name either a message or a person.
field-no-end = A warning has no end.
field-in-past = Choose a time in the future.
field-invite-invalid = This invite is not valid any more.
field-too-many-pins = The room has as many pinned messages as it can have.
