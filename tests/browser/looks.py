"""What is looked for on any page in a browser: accessible, within its screen, still while it loads."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.conftest import THOROUGH

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
WIDTHS = (320, 390, 768, 1280)
# Without `preload`, which only reads the stylesheets for rules that are not asked.
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
# What colours can break, and what they cannot: the rule of contrast takes longer than all others together.
CONTRAST = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
COLOURLESS = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
LOOKS = ((WIDE, "light"), (PHONE, "dark"))
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(entry.value)))
        .observe({type: 'layout-shift', buffered: true});
"""
MOST_SHIFT = 0.01  # a tenth of what the web calls good


def troubles(page: Page, address: str) -> list[str]:
    """What is wrong with the page at this address on any screen and in any colours.

    It is opened wide, and again as on a phone; then it is made as wide as each of `WIDTHS`, and its text is doubled.
    axe looks once: at addresses of even length wide and light, at the others as on a phone in the dark; and not at
    contrast, which the gallery's components and some pages are searched for in both colours (`test_looks.py`). With
    THOROUGH=1 in the environment it looks at everything everywhere.
    """
    page.add_init_script(SHIFTS)
    found = []
    for place, (viewport, scheme) in enumerate(LOOKS):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        moved = _least_shift(page, address)
        found += [f"moves by {moved:.3f} at {viewport['width']}"] if moved >= MOST_SHIFT else []
        if THOROUGH or len(address) % len(LOOKS) == place:
            wrong = faults(page, EVERYTHING if THOROUGH else COLOURLESS)
            found += [f"{scheme} at {viewport['width']}: {each}" for each in wrong]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{overhang(page)} wider than {width}"] if overhang(page) else []
    page.set_viewport_size({"width": 640, "height": 800})  # 1280 at 200 % (WCAG 1.4.4, 1.4.10)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"{overhang(page)} wider than its screen with text of twice its size"] if overhang(page) else []
    return found


def _least_shift(page: Page, address: str) -> float:
    """What moves by the page's own doing moves each time; what a pause in reading it moved does so once."""
    moved = MOST_SHIFT
    for _ in range(3):
        page.goto(address)
        moved = shift(page)
        if moved < MOST_SHIFT:
            break
    return moved


def faults(page: Page, options: dict[str, Any] = EVERYTHING) -> list[tuple[str, list[str]]]:
    """What axe finds, each with the first elements it finds it on."""
    if page.evaluate("window.axe === undefined"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in violations]


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its screen; 0 where it fits."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def shift(page: Page) -> float:
    """The layout shift so far, of a page that was opened with the script `SHIFTS`."""
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(60)
    return page.evaluate("window.shifts.reduce((sum, each) => sum + each, 0)")


def unseen_focus(page: Page, stops: int) -> list[str]:
    """The first elements that Tab reaches and that do not show it: no outline, or nowhere on the screen."""
    found = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
            const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            const drawn = at.closest('svg') !== null;
            const there = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
            return [at === document.body || ((ring || drawn) && there), at.outerHTML.slice(0, 120)];
        }""")
        if not seen[0]:
            found.append(seen[1])
    return found
