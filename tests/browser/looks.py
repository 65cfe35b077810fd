"""What is looked for on any page in a browser: accessible, within its screen, still while it loads."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(entry.value)))
        .observe({type: 'layout-shift', buffered: true});
"""


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, each with the first elements it finds it on."""
    violations = Axe().run(page).response["violations"]
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
