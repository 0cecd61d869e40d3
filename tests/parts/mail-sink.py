"""A mail server that keeps what it takes: each message is a JSON file. See mail.sh.

The part of an address before its @ decides, up to its first number: `reject` is refused for good, `later` for now the
first time, `close` and `stall` lose the connection, or keep it without an answer, the first time.
"""

import asyncio, email, email.policy, itertools, json, os, pathlib, re, ssl, sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder, port, tls, login = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
numbers, seen = itertools.count(1), set()


def is_first(address):
    return not (address in seen or seen.add(address))


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = re.match(r"[a-z]*", address).group()
        if name == "reject":
            return "550 5.1.1 no such person"
        if name == "busy" and is_first(address):
            return "421 4.3.2 too busy"
        if name == "later" and is_first(address):
            return "451 4.3.0 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = re.match(r"[a-z]*", envelope.rcpt_tos[0]).group()
        if name == "close" and is_first(envelope.rcpt_tos[0]):
            server.transport.abort()
            return "421 closing"
        if name == "stall" and is_first(envelope.rcpt_tos[0]):
            await asyncio.sleep(3600)
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "is_tls": server.transport.get_extra_info("ssl_object") is not None,
            "is_authenticated": bool(session.authenticated),
            "headers": [[header, str(value)] for header, value in read.items()],
            "text": read.get_body(["plain"]).get_content(),
            "html": read.get_body(["html"]).get_content(),
        }
        path = folder / f"{next(numbers)}.json"
        path.with_suffix(".part").write_text(json.dumps(kept))
        os.rename(path.with_suffix(".part"), path)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, given):
    # A failure that is not handled is answered with 535.
    return AuthResult(success=f"{given.login.decode()}:{given.password.decode()}" == login, handled=False)


settings = {"enable_SMTPUTF8": True}
if tls != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    settings |= {"auth_required": True, "authenticator": authenticate}
if tls == "starttls":
    settings |= {"tls_context": context, "require_starttls": True, "auth_require_tls": True}
if tls == "wrapped":
    settings |= {"ssl_context": context, "auth_require_tls": False}
controller = Controller(Sink(), hostname="127.0.0.1", port=port, **settings)
controller.start()
asyncio.new_event_loop().run_forever()
