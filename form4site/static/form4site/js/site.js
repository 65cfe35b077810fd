// Keys and small comforts. Every page works without this file.
"use strict";

(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

  // Arrows walk the suggestions from the words typed and back to them; Escape closes them.
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest(".searchbox");
    const list = box?.querySelector(".suggestions");
    if (!list?.firstElementChild || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const input = box.querySelector("input");
    event.preventDefault();
    if (event.key === "Escape") {
      list.replaceChildren();
      input.focus();
      return;
    }
    const stops = [input, ...list.querySelectorAll("a")];
    const at = Math.max(stops.indexOf(document.activeElement), 0);
    stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)].focus();
  });

  // What is chosen in a folded list stands on its head; a click elsewhere folds it.
  document.addEventListener("change", (event) => {
    const pick = event.target.closest(".pick");
    if (!pick) return;
    const chosen = [...pick.querySelectorAll("input:checked")].map((input) => input.parentElement.textContent.trim());
    const summary = pick.querySelector("summary");
    summary.querySelector("[data-chosen]").textContent = chosen.join(", ") || summary.dataset.nothing;
  });
  document.addEventListener("click", (event) => {
    for (const pick of document.querySelectorAll(".pick[open]")) {
      if (!pick.contains(event.target)) pick.open = false;
    }
  });

  // To leave a field by pressing a link says "change" once more, and what then came would replace the link under the
  // finger before it is let go. So what was asked is not asked again, and what is new waits until the press is over;
  // a link that carries the criteria takes them as they were typed, as a tap is over before the field is left.
  const criteria = (panel) => new URLSearchParams(new FormData(panel)).toString();
  const asked = new WeakMap();
  let pressed = null;
  let waiting = null;
  document.addEventListener("pointerdown", (event) => {
    pressed = event.target.closest("a[href]");
  });
  document.addEventListener("htmx:confirm", (event) => {
    const panel = event.target.closest("form.panel");
    if (!panel) return;
    const now = criteria(panel);
    if (event.detail.triggeringEvent?.type !== "submit" && asked.get(panel) === now) {
      event.preventDefault();
      return;
    }
    asked.set(panel, now);
    if (!pressed) return;
    event.preventDefault();
    waiting = () => event.detail.issueRequest(true);
  });
  // Asked for before the press, answered during it: not shown, and asked for again after it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const panel = event.detail.requestConfig?.elt.closest("form.panel");
    if (!panel || !pressed) return;
    event.detail.shouldSwap = false;
    waiting = () => panel.requestSubmit();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) asked.delete(event.target);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-criteria]");
    const panel = document.querySelector("form.panel");
    if (link && asked.has(panel)) link.search = criteria(panel);
  });
  for (const end of ["pointerup", "pointercancel", "dragend", "contextmenu"]) {
    document.addEventListener(end, () => {
      pressed = null;
      setTimeout(() => {
        waiting?.();
        waiting = null;
      });
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "j" || event.key === "k") {
      const rows = [...document.querySelectorAll("[data-row]")];
      if (!rows.length) return;
      const at = rows.indexOf(document.activeElement);
      const next = rows[Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "?") {
      document.getElementById("keys")?.showPopover?.();
    }
  });
})();
