"""A finished PDF: how many pages it has, and a copy of it under a password, for sending."""

from __future__ import annotations

import io

LEAST = 12


def encrypted(pdf: bytes, password: str) -> bytes:
    """The same document, opened only with the password (PDF 2.0, AES-256, revision 6); metadata included.

    It is no archival file, for these may not be encrypted. Other bytes each time, for the key is drawn anew.
    ValueError for a password of fewer than 12 characters: whoever has the file can try as many as he likes.
    """
    import pikepdf

    if len(password) < LEAST:
        raise ValueError(f"a password must have at least {LEAST} characters")
    sealed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        lock = pikepdf.Encryption(owner=password, user=password, R=6, aes=True, metadata=True)
        document.save(sealed, encryption=lock)
    return sealed.getvalue()
