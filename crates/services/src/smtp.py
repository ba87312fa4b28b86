"""A mail server for tests: every mail that it takes becomes a file in `mail/<domain of the sender>/`.

By the part of a recipient's address before the `@`: `refused…` is turned away for good, `later…` the first time that
it comes. With TLS it takes no mail before STARTTLS and signing in as `charla` with `s:ecret`.
"""

import asyncio
import os
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self):
        self.seen = set()
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 nobody of that name here"
        if address.startswith("later") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        folder = os.path.join("mail", envelope.mail_from.rpartition("@")[2])
        os.makedirs(folder, exist_ok=True)
        self.count += 1
        name = f"{os.getpid()}-{self.count:06}"
        path = os.path.join(folder, name)
        with open(path + ".part", "wb") as file:
            file.write(f"X-Envelope-To: {' '.join(envelope.rcpt_tos)}\r\n".encode())
            file.write(envelope.original_content)
        os.rename(path + ".part", path + ".eml")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (b"charla", b"s:ecret")
    return AuthResult(success=is_right, handled=is_right)


async def serve(port, certificate):
    options = {"enable_SMTPUTF8": True, "hostname": "localhost"}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, "key.pem")
        options |= {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": authenticate,
        }
    handler = Handler()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, **options), "127.0.0.1", port)
    loop.add_signal_handler(signal.SIGTERM, server.close)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
    except asyncio.CancelledError:
        pass
