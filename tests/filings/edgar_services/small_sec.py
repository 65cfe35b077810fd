"""A SEC whose lists and filings are what a test says, for what the stand-in cannot do: corrections, gaps, deletions."""

from __future__ import annotations

import gzip
import json
import re
import socket
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

from tests.filings.edgar import pages
from tests.filings.edgar.server import Handler, Server, whole
from tests.filings.services.papers import accession, submission, xml

ISSUER, OWNER = 9000100, 9000200


@dataclass
class Paper:
    """One filing as this SEC lists and serves it."""

    number: int
    filed_on: date
    accepted: str = "17:03:00"
    form: str = "4"

    @property
    def accession(self) -> str:
        return accession(self.number)

    @property
    def content(self) -> bytes:
        digits = f"{self.filed_on:%Y%m%d}{self.accepted.replace(':', '')}"
        return submission(self.number, xml(), filed=self.filed_on, accepted=digits)


class SmallSec:
    """`papers` are all filings. `daily` and `quarterly` say which each index names; `archive` answers for a filing
    before its content does, `feed` answers for a page (form, start) before the papers do."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.papers: dict[str, Paper] = {}
        self.daily: dict[date, list[str]] = {}
        self.quarterly: dict[tuple[int, int], list[str]] = {}
        self.archive: dict[str, Handler] = {}
        self.feed: dict[tuple[str, int], Handler] = {}
        self.shown: list[str] = []
        self.tickers: bytes | None = None
        server.otherwise = self._answer

    def file(self, *numbers: int, on: date, indexed: bool = True, shown: bool = False, **fields: str) -> list[str]:
        """New filings of this day, in its daily and quarterly index unless told otherwise, and in the feed if told."""
        filed = [Paper(number, on, **fields) for number in numbers]
        for paper in filed:
            self.papers[paper.accession] = paper
            if indexed:
                self.daily.setdefault(on, []).append(paper.accession)
                self.quarterly.setdefault((on.year, (on.month + 2) // 3), []).append(paper.accession)
            if shown:
                self.shown.insert(0, paper.accession)
        return [paper.accession for paper in filed]

    def unlist(self, *names: str) -> None:
        """These are no longer in any index."""
        for index in [*self.daily.values(), *self.quarterly.values()]:
            index[:] = [name for name in index if name not in names]

    def list_again(self, name: str) -> None:
        day = self.papers[name].filed_on
        self.daily[day].append(name)
        self.quarterly[day.year, (day.month + 2) // 3].append(name)

    def asked(self, words: str = "") -> list[str]:
        """The paths that were asked for, those with these words in them."""
        return [path for _, path, _ in self.server.seen if words in path]

    def _answer(self, client: socket.socket, path: str) -> None:
        self._handler(path)(client, path)

    def _handler(self, path: str) -> Handler:
        url = urlsplit(path)
        if url.path == "/cgi-bin/browse-edgar":
            query = parse_qs(url.query)
            return self._feed(query["type"][0], int(query["start"][0]))
        if found := re.search(r"/data/\d+/\d{18}/([0-9-]{20})\.txt$", url.path):
            paper = self.papers.get(found[1])
            return self.archive.get(found[1]) or (whole(paper.content) if paper else missing())
        if found := re.search(r"/daily-index/(\d{4})/QTR(\d)/index\.json$", url.path):
            days = sorted(
                day for day in self.daily if (day.year, (day.month + 2) // 3) == (int(found[1]), int(found[2]))
            )
            items = [{"name": f"form.{day:%Y%m%d}.idx", "type": "file"} for day in days]
            return whole(json.dumps({"directory": {"item": items}}).encode())
        if found := re.search(r"/form\.(\d{4})(\d\d)(\d\d)\.idx$", url.path):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            return whole(self._index(self.daily[day], "%Y%m%d")) if day in self.daily else missing()
        if found := re.search(r"/full-index/(\d{4})/QTR(\d)/form\.gz$", url.path):
            names = self.quarterly.get((int(found[1]), int(found[2])))
            return missing() if names is None else whole(gzip.compress(self._index(names, "%Y-%m-%d")))
        if url.path == "/files/company_tickers_exchange.json" and self.tickers is not None:
            return whole(self.tickers)
        return missing()

    def _index(self, names: list[str], spelled: str) -> bytes:
        rows = [
            pages.form_row(paper.form, "SOMEBODY", cik, paper.accession, paper.filed_on.strftime(spelled))
            for paper in map(self.papers.__getitem__, names)
            for cik in (ISSUER, OWNER)  # every party of a filing has a row of its own
        ]
        return pages.form_index(*rows, wrapped=True)

    def _feed(self, form: str, start: int) -> Handler:
        if (form, start) in self.feed:
            return self.feed[form, start]
        rows = [
            pages.entry(paper.form, cik, paper.accession, f"{paper.filed_on}T{paper.accepted}-05:00").replace(
                "Filed:&lt;/b&gt; 2026-01-05", f"Filed:&lt;/b&gt; {paper.filed_on}"
            )
            for paper in map(self.papers.__getitem__, self.shown)
            if paper.form[0] == form
            for cik in (ISSUER, OWNER)
        ]
        if start and start >= len(rows):
            return whole(pages.OUTAGE, "503 Service Unavailable")
        return whole(pages.feed(*rows[start : start + 100]))


def missing() -> Handler:
    return whole(pages.DENIED, "403 Forbidden")
