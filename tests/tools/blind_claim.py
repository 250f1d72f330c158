#!/usr/bin/env python3
"""Answers a form of an anonymous round without the server being able to tell whose answers they are.

    python3 blind_claim.py SERVER TOKEN CODE ANSWERS

SERVER is an address such as https://survey.example, TOKEN the secret part of a person's link, CODE sixteen random characters that the
person keeps, and ANSWERS a JSON object of answers by item. The same code again replaces the answers, on any device.

api/docs/BLIND-CLAIMS.md walks through the steps. Only the standard library is needed.
"""

import base64
import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.request


class Refused(Exception):
    """The server said no; the message is its code and its words."""


def post(server, path, body):
    """Sends a JSON body; gives the status and the JSON that comes back. Every request has a connection of its own."""
    request = urllib.request.Request(
        server + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            content = reply.read()
            return reply.status, json.loads(content) if content else None
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read())
        raise Refused(f"{problem['code']}: {problem['detail']}") from None


def to_text(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_text(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def to_number(content):
    return int.from_bytes(content, "big")


def read_code(code):
    """The sixteen characters, however somebody typed them."""
    code = code.upper().replace("I", "1").replace("L", "1").replace("O", "0")
    return "".join(sign for sign in code if sign.isascii() and sign.isalnum())


def derive(secret, salt, info, length):
    """HKDF with SHA-256 (RFC 5869)."""
    key = hmac.digest(salt, secret, "sha256")
    derived, block, count = b"", b"", 0
    while len(derived) < length:
        count += 1
        block = hmac.digest(key, block + info + bytes([count]), "sha256")
        derived += block
    return derived[:length]


def sha384(content):
    return hashlib.sha384(content).digest()


def encode(message, salt, size):
    """EMSA-PSS with SHA-384 (RFC 8017, 9.1.1) for a modulus of `size` bytes whose highest bit is set."""
    digest = sha384(bytes(8) + sha384(message) + salt)
    data = bytes(size - len(salt) - 50) + b"\x01" + salt
    mask = b"".join(sha384(digest + count.to_bytes(4, "big")) for count in range(len(data) // 48 + 1))
    masked = bytearray(one ^ other for one, other in zip(data, mask))
    masked[0] &= 0x7F
    return bytes(masked) + digest + b"\xbc"


def claim(server, token, code):
    """Claims the form of a link; gives the credential, and what was offered."""
    _, offer = post(server, "/api/v1/claims/key", {"token": token})
    if offer["mode"] != "anonymous":
        raise Refused("not_blind: this round is not anonymous; send the answers to /api/v1/responses")
    modulus = from_text(offer["key"]["modulus"])
    n, e = to_number(modulus), to_number(from_text(offer["key"]["exponent"]))
    if len(modulus) != 384 or modulus[0] < 128 or e != 65537:
        raise Refused("wrong_key: the server offers a key that it should not")

    # All that is random comes from the code, so that the code alone goes on with it elsewhere.
    info = "\n".join([offer["round"], offer["organisation"], offer["form"]]).encode()
    derived = derive(read_code(code).encode(), b"klankbord claim 1", info, 544)
    message, salt, r = derived[:64], derived[64:112], to_number(derived[112:512]) % n

    # Blind: the server signs m * r^e and never sees m.
    m = to_number(encode(message, salt, 384))
    blinded = m * pow(r, e, n) % n
    _, signed = post(
        server,
        "/api/v1/claims",
        {
            "token": token,
            "organisation": offer["organisation"],
            "form": offer["form"],
            "key": offer["key"]["number"],
            "blinded": to_text(blinded.to_bytes(384, "big")),
        },
    )

    # Unblind: (m * r^e)^d / r is m^d, the signature of m. Check it before relying on it.
    signature = to_number(from_text(signed["signature"])) * pow(r, -1, n) % n
    if pow(signature, e, n) != m:
        raise Refused("wrong_signature: the server signed something else")
    content = to_text(message + signature.to_bytes(384, "big"))
    return f"{offer['tenant']}.{offer['round']}.{offer['key']['number']}.{content}", offer


def main(server, token, code, answers):
    credential, offer = claim(server, token, code)
    form = {"organisation": offer["organisation"], "form": offer["form"]}
    # No token here, and nothing else that was part of the claim.
    status, receipt = post(server, "/api/v1/ballots", {"credential": credential, **form, "answers": json.loads(answers)})
    print(status, receipt["status"])
    # An app waits before it tells: the moment should not lead to the answers.
    post(server, "/api/v1/claims/done", {"token": token, **form})


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Refused as refused:
        sys.exit(str(refused))
