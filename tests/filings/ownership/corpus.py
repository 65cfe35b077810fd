"""The filings of our own in `tests/corpus`: one folder an edge case, with its file, its expected facts and a note."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "corpus"


@dataclass(frozen=True)
class Case:
    folder: Path

    @property
    def accession(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        (file,) = (path for path in self.folder.iterdir() if path.stem == self.accession)
        return file

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()

    @property
    def expected(self) -> dict[str, Any]:
        return json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))

    @property
    def note(self) -> str:
        return (self.folder / "note.txt").read_text(encoding="utf-8").strip()


CASES = [Case(folder) for folder in sorted(ROOT.iterdir()) if folder.is_dir()]
