"""Answers as EDGAR gives them, written for these tests."""

from __future__ import annotations

RATE = (
    b"<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Transitional//EN'>\n<html><head>"
    b"<title>SEC.gov | Request Rate Threshold Exceeded</title></head>"
    b"<body><h1>Your request is over the limit.</h1></body></html>"
)
UNDECLARED = (
    b"<html><head><title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title></head>"
    b"<body>Please declare your traffic.</body></html>"
)
OUTAGE = (
    b"<!DOCTYPE html>\n<html lang='en'><head><title>SEC.gov | File Unavailable</title></head><body>Soon.</body></html>"
)
DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
)
NO_KEY = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Key>a/b.json</Key></Error>'

SUBMISSION = (
    b"<SEC-DOCUMENT>0009999999-26-000001.txt : 20260105\n<SEC-HEADER>\n</SEC-HEADER>\n"
    + b"<DOCUMENT>\n<TEXT>\nThe page says: Undeclared Automated Tool.\n</TEXT>\n</DOCUMENT>\n" * 40
    + b"</SEC-DOCUMENT>\n"
)
LISTING = b'{"directory": {"item": [{"name": "form.20260105.idx", "type": "file", "size": "1 KB"}]}}'

_RULE = b"-" * 80 + b"\n"
_TITLE = b"Description:           Daily Index of EDGAR Dissemination Feed\nLast Data Received:    Jan  5, 2026\n \n"


def form_row(form: str, name: str, cik: int, accession: str, day: str = "20260105") -> str:
    return f"{form:<12}{name:<60}  {cik:<12}{day:<12}edgar/data/{cik}/{accession}.txt          \n"


def form_index(*rows: str, wrapped: bool = False) -> bytes:
    between = "\n      " if wrapped else " " * 9
    columns = f"{'Form Type':<12}{'Company Name':<62}CIK{between}Date Filed  File Name\n"
    return _TITLE + columns.encode() + _RULE + "".join(rows).encode("latin-1")


def company_index(*rows: tuple[str, str, int, str]) -> bytes:
    columns = f"{'Company Name':<62}{'Form Type':<12}CIK\n      Date Filed  File Name\n"
    lines = [
        f"{name:<60}  {form:<12}{cik:<12}20260105    edgar/data/{cik}/{acc}.txt\n" for name, form, cik, acc in rows
    ]
    return _TITLE + columns.encode() + _RULE + "".join(lines).encode("latin-1")


def master_index(*rows: tuple[int, str, str, str], day: str = "2026-01-05", last: str = "Filename") -> bytes:
    columns = f"CIK|Company Name|Form Type|Date Filed|{last}\n"
    lines = [f"{cik}|{name}|{form}|{day}|edgar/data/{cik}/{acc}.txt\n" for cik, name, form, acc in rows]
    return _TITLE + columns.encode() + _RULE + "".join(lines).encode("latin-1")


def entry(form: str, cik: int, accession: str, at: str = "2026-01-05T18:02:43-05:00") -> str:
    folder = accession.replace("-", "")
    return (
        f"<entry>\n<title>{form} - Somebody ({cik:010d}) (Reporting)</title>\n"
        f'<link rel="alternate" type="text/html" '
        f'href="https://www.sec.gov/Archives/edgar/data/{cik}/{folder}/{accession}-index.htm"/>\n'
        f'<summary type="html">\n &lt;b&gt;Filed:&lt;/b&gt; 2026-01-05 &lt;b&gt;AccNo:&lt;/b&gt; {accession}\n'
        f"</summary>\n"
        f'<updated>{at}</updated>\n<category scheme="https://www.sec.gov/" label="form type" term="{form}"/>\n'
        f"<id>urn:tag:sec.gov,2008:accession-number={accession}</id>\n</entry>\n"
    )


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        "<title>Latest Filings</title>\n<updated>2026-01-05T18:03:57-05:00</updated>\n" + "".join(entries) + "</feed>\n"
    ).encode("latin-1")
