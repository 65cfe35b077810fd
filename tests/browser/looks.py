"""What is looked for on any page in a browser: accessible, within its screen, still while it loads."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
WIDTHS = (320, 390, 768, 1280)
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
# What dark colours or a narrow page can break though the wide and light one is sound.
OTHERWISE = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(entry.value)))
        .observe({type: 'layout-shift', buffered: true});
"""


def troubles(page: Page, address: str) -> list[str]:
    """What is wrong with the page at this address on any screen and in any colours.

    It is opened wide, and again as on a phone; then it is made as wide as each of `WIDTHS`, and its text is doubled.
    """
    page.add_init_script(SHIFTS)
    found = []
    for viewport, scheme in ((WIDE, "light"), (PHONE, "dark")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        moved = shift(page)
        found += [f"moves by {moved:.3f} at {viewport['width']}"] if moved >= 0.01 else []
        first = EVERYTHING if viewport is WIDE else OTHERWISE
        found += [f"{scheme} at {viewport['width']}: {each}" for each in faults(page, first)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{overhang(page)} wider than {width}"] if overhang(page) else []
    page.set_viewport_size({"width": 640, "height": 800})  # 1280 at 200 % (WCAG 1.4.4, 1.4.10)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"{overhang(page)} wider than its screen with text of twice its size"] if overhang(page) else []
    return found


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
