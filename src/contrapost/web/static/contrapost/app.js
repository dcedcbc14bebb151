// What HTML and htmx cannot: open a window as a modal, close it, and keep the keyboard where it was.
"use strict";

// Only once it is settled: before that its form would leave the page instead of being sent in place.
document.addEventListener("htmx:afterSettle", (event) => {
  const filled = event.detail.target;
  if (filled?.id !== "window") return;
  document.querySelectorAll("[popover]:popover-open").forEach((open) => open.hidePopover());
  filled.querySelector("dialog")?.showModal();
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest("[data-close]")?.closest("dialog");
  if (!dialog?.matches(":modal")) return;
  event.preventDefault();
  dialog.close();
});

// Space presses a link that looks like a button; Escape hides what hover or focus has shown.
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role=button]")) {
    event.preventDefault();
    event.target.click();
  }
  if (event.key === "Escape") {
    document.querySelectorAll(".told:hover, .told:focus-within").forEach((told) => told.classList.add("hushed"));
  }
});
for (const leaving of ["mouseout", "focusout"]) {
  document.addEventListener(leaving, (event) => event.target.closest?.(".told")?.classList.remove("hushed"));
}

// What is shown once is copied by a button, where the browser lets pages copy.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.textContent = "Copied";
});

// A filter that was chosen counts at once; one that is typed counts with Enter.
document.addEventListener("change", (event) => {
  if (event.target.type !== "search") event.target.closest("form.filters")?.requestSubmit();
});

// A button says that it is at work; the menu it stands in closes, and the row shows it instead.
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.elt.matches("[data-busy]")
    ? event.detail.elt
    : event.detail.elt.querySelector?.("button[data-busy]");
  const row = event.detail.elt.closest("tr");
  if (row) {
    const state = row.querySelector(".status");
    row.setAttribute("aria-busy", "true");
    if (button && state) state.textContent = button.dataset.busy + "…";
    row.querySelector("[popover]")?.hidePopover();
  } else if (button) {
    button.dataset.word = button.textContent;
    button.textContent = button.dataset.busy + "…";
  }
});

// The list was drawn anew: the keyboard goes back to the row it was in.
let lastMenu = "";
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[id]");
  if (row) lastMenu = "menu-of-" + row.id.replace("row-", "");
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "list" && event.detail.elt?.id !== "list") return;
  if (document.activeElement === document.body && lastMenu) document.getElementById(lastMenu)?.focus();
});

// NetSuite or the way to it failed before any answer came: say so where messages stand.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, () => {
    const said = document.createElement("p");
    said.className = "message error";
    said.textContent = "Contrapost did not answer. Nothing is lost: reload the page and look before trying again.";
    document.getElementById("messages")?.replaceChildren(said);
    document.querySelectorAll("[aria-busy]").forEach((row) => row.removeAttribute("aria-busy"));
  });
}
