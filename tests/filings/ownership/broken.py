"""The smallest document, its envelope, and an entity bomb: what the hostile inputs are made from."""

from __future__ import annotations

HEAD = (
    b"<ownershipDocument><documentType>4</documentType>"
    b"<issuer><issuerCik>9900000001</issuerCik></issuer>"
    b"<reportingOwner><reportingOwnerId><rptOwnerCik>9910000001</rptOwnerCik></reportingOwnerId></reportingOwner>"
)
END = b"</ownershipDocument>"


def document(inside=b""):
    return HEAD + inside + END


def in_row(inside):
    row = b"nonDerivativeTransaction>"
    return document(b"<nonDerivativeTable><" + row + inside + b"</" + row + b"</nonDerivativeTable>")


def enveloped(xml, closing=b"</SEC-DOCUMENT>\n"):
    return (
        b"<SEC-DOCUMENT>9999999980-25-999999.txt : 20250305\n<SEC-HEADER>\n<ACCEPTANCE-DATETIME>20250305163000\n"
        b"ACCESSION NUMBER:\t\t9999999980-25-999999\nCONFORMED SUBMISSION TYPE:\t4\nFILED AS OF DATE:\t\t20250305\n"
        b"</SEC-HEADER>\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n<XML>\n" + xml + b"\n</XML>\n</TEXT>\n</DOCUMENT>\n" + closing
    )


BOMB = b'<!DOCTYPE a [<!ENTITY b "x">' + b"".join(
    b'<!ENTITY b%d "%s">' % (level, b"&b%d;" % (level - 1) * 10 if level else b"x" * 10) for level in range(12)
)
PLAIN = document(b"<remarks>&b11;</remarks>").decode()
