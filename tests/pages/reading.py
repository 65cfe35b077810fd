"""A page as a browser's tokeniser reads it: elements, attributes, text. And what no page of ours may contain."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "img", "hr", "wbr", "source", "col"}
LOADING = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("use", "href"), ("source", "src")}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return squeezed("".join(self.texts))


def squeezed(words: str) -> str:
    """The words with every run of white space as one space, as they show."""
    return " ".join(words.split())


class Page(HTMLParser):
    """The elements of a page in order, each with all the text inside it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.texts.append(data)

    @property
    def text(self) -> str:
        return self.elements[0].text

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def by_id(self, identity: str) -> Element:
        (found,) = [element for element in self.elements if element.attributes.get("id") == identity]
        return found

    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every element with the names of its attributes: what words of filers must never be able to change."""
        return [
            (element.tag, tuple(sorted(element.attributes)))
            for element in self.elements
            if element.attributes.get("class") != "ticker"  # there or not, as the symbol reads like one or not
        ]

    def breaches(self) -> list[str]:
        """What a strict Content-Security-Policy would stop, and what is no sound HTML."""
        found = list(self.faults)
        seen: set[str] = set()
        for element in self.elements:
            tag, attributes = element.tag, element.attributes
            if tag == "style" or (tag == "script" and ("src" not in attributes or element.text)):
                found.append(f"inline <{tag}>")
            for name, value in attributes.items():
                if name == "style" or name.startswith("on"):
                    found.append(f"<{tag} {name}>")
                if (tag, name) in LOADING and (not value.startswith("/") or value.startswith("//")):
                    found.append(f"<{tag} {name}={value}> is loaded from elsewhere")
                leads_out = name in ("href", "src", "action", "formaction") and ":" in value.partition("/")[0]
                if leads_out and not value.startswith("https://www.sec.gov/"):
                    found.append(f"<{tag} {name}={value}> leads out")
            if identity := attributes.get("id"):
                if identity in seen:
                    found.append(f"id {identity!r} stands twice")
                seen.add(identity)
        for element in self.elements:
            for name in ("aria-labelledby", "aria-describedby", "popovertarget", "for", "aria-controls"):
                found += [
                    f"{name}={named!r} names nothing on the page"
                    for named in element.attributes.get(name, "").split()
                    if named not in seen
                ]
        return found


def read(response: object) -> Page:
    return Page(response.content.decode())  # type: ignore[attr-defined]
