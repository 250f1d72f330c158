#!/usr/bin/env python3
"""A mail server by others, for a test that sends mail to it.

    aiosmtpd_server.py USER PASSWORD

Lets in only who signs in with this name and password. Prints `listening PORT`, then one line of JSON for each message:
the envelope's sender and recipients, and the message as Base64.
"""

import base64
import json
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class FreePort(Controller):
    """A controller that may be given port 0: it learns the port that was bound before it tries it out."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        message = base64.b64encode(envelope.content).decode()
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "message": message}), flush=True)
        return "250 kept"


def main():
    wanted = LoginPassword(*(word.encode() for word in sys.argv[1:3]))

    def sign_in(server, session, envelope, mechanism, data):
        return AuthResult(success=data == wanted)

    options = {"authenticator": sign_in, "auth_required": True, "auth_require_tls": False}
    controller = FreePort(Keeper(), hostname="127.0.0.1", port=0, **options)
    controller.start()
    print("listening", controller.port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
