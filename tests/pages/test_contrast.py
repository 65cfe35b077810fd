"""The colours of `tokens.css` can be read, in light and in dark: text AAA, what carries meaning AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "form4site" / "static" / "form4site" / "css"
TOKENS = {
    name: pair
    for name, *pair in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", (CSS / "tokens.css").read_text(encoding="utf-8")
    )
}
GROUNDS = ("paper", "sheet", "well")
AAA = [("ink", ground) for ground in (*GROUNDS, "mark")]
AA = [
    *((hue, ground) for hue in ("ink-soft", "link", "link-visited") for ground in GROUNDS),
    *((hue, ground) for hue in ("bought", "sold", "mechanics", "warning") for ground in (*GROUNDS, f"{hue}-wash")),
    ("ink", "sold-wash"),
    ("ink", "warning-wash"),
    ("link", "mark"),
    ("ink-soft", "mark"),
    ("paper", "ink"),  # a button
]
VISIBLE = [*(("focus", ground) for ground in GROUNDS), *(("rule-strong", ground) for ground in GROUNDS)]  # 1.4.11
schemes = pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(pair: tuple[str, str], scheme: int) -> float:
    lighter, darker = sorted((luminance(TOKENS[name][scheme]) for name in pair), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_wcag():
    TOKENS["white"], TOKENS["black"], TOKENS["grey"] = ["#ffffff"] * 2, ["#000000"] * 2, ["#777777"] * 2
    assert contrast(("white", "black"), 0) == pytest.approx(21)
    assert contrast(("white", "grey"), 0) == pytest.approx(4.48, abs=0.01)


@schemes
@pytest.mark.parametrize("pair", AAA, ids=" on ".join)
def test_text_has_contrast_aaa(pair, scheme):
    assert contrast(pair, scheme) >= 7


@schemes
@pytest.mark.parametrize("pair", AA, ids=" on ".join)
def test_quiet_words_links_and_meaning_have_contrast_aa(pair, scheme):
    assert contrast(pair, scheme) >= 4.5


@schemes
@pytest.mark.parametrize("pair", VISIBLE, ids=" on ".join)
def test_focus_and_strong_lines_can_be_seen(pair, scheme):
    assert contrast(pair, scheme) >= 3


def test_no_other_stylesheet_names_a_colour_of_its_own():
    black = re.compile(r"#(?:000|fff)\b")  # ink and paper of a printer
    for file in sorted(CSS.glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        if file.name not in ("tokens.css",):
            found = [colour for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\s*\{)", text) if not black.match(colour)]
            assert (file.name, found) == (file.name, [])
