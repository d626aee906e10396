/** Keys that work on every page, and the list of all keys under "?". */
import { el, openDialog } from "../dom.js";

const EVERYWHERE = [
  ["/", "Go to patient search"],
  ["?", "Show these keys"],
];

/** True where a letter key means a letter. */
function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
}

/** Keys of this page: elements with data-key-name="F2" data-key-does="…". */
function keysOfPage() {
  return [...document.querySelectorAll("[data-key-name]")].map((node) => [
    node.dataset.keyName,
    node.dataset.keyDoes,
  ]);
}

/** Open the list of keys. */
export function showKeys() {
  const rows = [...keysOfPage(), ...EVERYWHERE].map(([key, does]) =>
    el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, does)),
  );
  const close = el("button", { class: "button primary", type: "button" }, "Close");
  const { dialog } = openDialog({
    title: "Keys",
    body: el("table", {}, el("tbody", {}, rows)),
    buttons: close,
  });
  dialog.querySelector(".dialog-body").tabIndex = 0; // a long list is scrolled with the keyboard too
  close.addEventListener("click", () => dialog.close());
  close.focus();
}

/** "/" in the empty search box means "go to search" once more, not a letter to look for. */
function isSearchAgain(event) {
  return event.key === "/" && event.target.matches?.("[data-search]") && event.target.value === "";
}

/** What a key of this page presses: an element with data-key-name that has data-key-press too. */
function pressed(key) {
  if (key.length !== 1 || document.querySelector("dialog:modal")) return null;
  return document.querySelector(`[data-key-press][data-key-name="${CSS.escape(key)}"]`);
}

document.addEventListener("keydown", (event) => {
  if (isSearchAgain(event)) event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = pressed(event.key);
  if (target) {
    event.preventDefault();
    target.click();
  }
  if (event.key === "?") {
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) showKeys();
  }
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select?.();
    } else if (document.querySelector('a[href="/patients"]')) {
      event.preventDefault();
      location.assign("/patients");
    }
  }
});

document.getElementById("keys-button")?.addEventListener("click", showKeys);
