"""Encryption of personal fields, and the keyed hash by which they are found again.

AES-256-GCM with a random 96-bit nonce per field (NIST SP 800-38D); the table and column are
authenticated with it, so that a ciphertext moved to another column does not open. Look-up is by
HMAC-SHA-256 under a key of its own (a telephone number is easily guessed without it).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
VERSION = "v1"


class WrongKeyError(Exception):
    """A personal field does not open with this installation's key."""


class FieldCipher:
    """Encrypts and finds personal fields with the keys of one installation."""

    def __init__(self, field_key: str, index_key: str) -> None:
        self._cipher = AESGCM(b64decode(field_key))
        self._index_key = b64decode(index_key)

    def encrypt(self, text: str, column: str) -> str:
        """Return `text` encrypted for one column, such as "contact.name"."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), column.encode())
        return f"{VERSION}:{b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, column: str) -> str:
        """Return the text of an encrypted field; raises WrongKeyError if it does not open."""
        _, _, body = stored.partition(":")
        raw = b64decode(body)
        try:
            return self._cipher.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], column.encode()
            ).decode()
        except InvalidTag:
            raise WrongKeyError(column) from None

    def index(self, text: str, kind: str) -> str:
        """Return the keyed hash of `text` (64 hex digits), by which equal texts are found."""
        return hmac.new(self._index_key, f"{kind}|{text}".encode(), hashlib.sha256).hexdigest()
