# The page that explains the codes of problems.
errors-title = Error codes
errors-intro = Every failure is answered as application/problem+json (RFC 9457). Its “code” is stable; a WebSocket “error” has the same ones.

# What each code means to who writes a client.
meaning-malformed-body = The body is no JSON, or no JSON object where one is asked for.
meaning-malformed-frame = A WebSocket frame is no JSON object with an “action”, or is binary. The socket lives on.
meaning-unknown-action = A WebSocket frame names an action that there is not. The socket lives on.
meaning-validation-failed = The request was understood, but not accepted. “errors” says for each member what is wrong with it.
meaning-invalid-cursor = The “cursor” was not taken from “next” or “previous” of that list. Begin again with its first page.
meaning-host-not-allowed = The Host header names a server that this one does not answer for; see ALLOWED_HOSTS.
meaning-not-authenticated = No access token came with the request, neither as a header nor as a cookie.
meaning-invalid-credentials = There is no account of that name with that password.
meaning-invalid-token = The token is none of this server, has expired or was spent. A fresh access token comes from auth/refresh/.
meaning-session-ended = The session of the token was ended: signed out, a changed password, or a refresh token that came twice. Sign in again.
meaning-account-disabled = The account is out of use.
meaning-forbidden = The account can see this, but its role does not allow what was asked for.
meaning-origin-not-allowed = A browser sent cookies, or opened a WebSocket, from a site that is neither this server nor one of ALLOWED_ORIGINS.
meaning-not-a-member = The public room can be seen, but only its members read and write there.
meaning-room-closed = The room was closed for good: it can be read, every change is refused.
meaning-registration-closed = The server makes no accounts for those who ask; see REGISTRATION.
meaning-email-not-verified = The server asks for a verified e-mail address (REQUIRE_VERIFIED_EMAIL). Until the link from the mail has come back, the account can use auth/ and users/me/ only.
meaning-direct-messages-refused = That person does not take direct messages from this account, or a block stands between the two.
meaning-contact-refused = A block stands between the two accounts. Who has set it is not told.
meaning-not-found = There is nothing at that address, or the account may not know of it.
meaning-method-not-allowed = The address is there, but not for that method. “Allow” lists those it has.
meaning-upgrade-required = The address is a WebSocket door: begin with a handshake.
meaning-conflict = The request does not fit the present state, which may have changed meanwhile. Read it anew.
meaning-direct-room = A direct room can't be left, renamed or joined, and has no roles.
meaning-setup-done = The first administrator has been made: the link is worth nothing any more.
meaning-last-superuser = The last active superuser can’t delete their account.
meaning-no-mail = The server has no mail server to send by; see SMTP_URL.
meaning-payload-too-large = The body, or a file in it, is larger than the server takes.
meaning-unsupported-media-type = The body is of another media type than the endpoint takes: JSON, unless it says otherwise.
meaning-range-not-satisfiable = The file ends before the range that was asked for.
meaning-too-many-requests = A limit was reached. “Retry-After” says how many seconds to wait.
meaning-internal = A defect of the server. Its log has the cause under “request_id”.
meaning-unavailable = The database or another part does not serve just now, or the node is going down. Try again after “Retry-After” seconds; repeat a send with the same “client_id”.
