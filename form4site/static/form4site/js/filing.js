// The filing page: sentences and cells light each other, cells answer when pointed at, `e` changes the view.
// Without this file the same words are links and buttons.
"use strict";

(() => {
  const lit = (ids, on) => {
    for (const id of ids) document.getElementById(id)?.classList.toggle("is-lit", on);
  };
  const namedBy = (part) => part.dataset.lights.split(" ");
  const parts = [...document.querySelectorAll("[data-lights]")];
  const tellers = new Map();
  for (const part of parts) {
    for (const id of namedBy(part)) {
      if (!tellers.has(id)) tellers.set(id, []);
      tellers.get(id).push(part);
    }
    for (const event of ["pointerenter", "focus"]) part.addEventListener(event, () => lit(namedBy(part), true));
    for (const event of ["pointerleave", "blur"]) part.addEventListener(event, () => lit(namedBy(part), false));
  }

  for (const [id, of] of tellers) {
    const cell = document.getElementById(id);
    const light = (on) => of.forEach((part) => part.classList.toggle("is-lit", on));
    for (const event of ["pointerenter", "focusin"]) cell?.addEventListener(event, () => light(true));
    for (const event of ["pointerleave", "focusout"]) cell?.addEventListener(event, () => light(false));
  }

  // A mouse at rest on a cell opens its words; a click keeps them open.
  let waiting = 0;
  for (const button of document.querySelectorAll(".tells[popovertarget], .fn[popovertarget]")) {
    const words = document.getElementById(button.getAttribute("popovertarget"));
    if (!words?.showPopover) continue;
    button.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse" || document.querySelector(":popover-open")) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        words.showPopover({ source: button });
        words.dataset.pointed = "";
      }, 250);
    });
    button.addEventListener("pointerleave", () => {
      clearTimeout(waiting);
      if ("pointed" in words.dataset) {
        delete words.dataset.pointed;
        words.hidePopover();
      }
    });
    button.addEventListener("click", (event) => {
      clearTimeout(waiting);
      if (!("pointed" in words.dataset)) return;
      delete words.dataset.pointed;
      event.preventDefault();
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const other = document.querySelector("a[data-view]:not([aria-current])");
    if (other) location.assign(other.href + location.hash);
  });
})();
