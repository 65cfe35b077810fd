"""What README.md tells a stranger to type exists."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from tests.conftest import ROOT

README = ROOT / "README.md"
# "./manage.py NAME" or "manage.py NAME", and "make NAME": in code only, where it is meant to be typed.
_CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4}[^\n]+", re.DOTALL | re.MULTILINE)
_MANAGE = re.compile(r"manage\.py +([a-z_]+)")
_MAKE = re.compile(r"(?:^|[\s`;&(])make +([a-z][a-z-]*)", re.MULTILINE)
_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


def typed(text: str, pattern: re.Pattern[str]) -> set[str]:
    return {name for code in _CODE.findall(text) for name in pattern.findall(code)}


def unknown(text: str) -> set[str]:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))
    return (typed(text, _MANAGE) - set(get_commands())) | (typed(text, _MAKE) - targets)


def test_every_command_in_the_readme_exists():
    if not README.exists():
        pytest.skip("there is no README.md yet")
    text = README.read_text(encoding="utf-8")

    assert unknown(text) == set()
    assert {"run", "test", "help"} <= typed(text, _MAKE)
    assert {"ingest", "filing", "reparse"} <= typed(text, _MANAGE)


def test_a_command_that_does_not_exist_is_found():
    text = "Type `make run`, then\n```sh\n./manage.py ingest x\nSOURCE=x make fly\n```\nor `./manage.py levitate`,"
    text += "\n\n    make merry\n"

    assert unknown(text) == {"fly", "levitate", "merry"}
