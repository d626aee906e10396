/** Building and finding elements without innerHTML, and telling screen readers what happened. */

/** Make an element: el("p", {class: "x", onclick: f}, "text", child). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** One icon of the sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** The JSON data block with this id, parsed. */
export function dataBlock(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}

/** Say something to screen readers without showing it. */
export function announce(text, { urgent = false } = {}) {
  const id = urgent ? "live-assertive" : "live-polite";
  const region = document.getElementById(id);
  if (region) region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/** Show a short message in the corner; kind is "", "ok", "warn" or "bad". */
export function toast(text, kind = "", { seconds = 8 } = {}) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const close = el("button", { class: "button small push", type: "button" }, "Close");
  const box = el("div", { class: `notice ${kind}` }, el("div", { class: "row" }, el("span", {}, text), close));
  close.addEventListener("click", () => box.remove());
  region.append(box);
  if (kind !== "bad") setTimeout(() => box.remove(), seconds * 1000);
}

let unique = 0;

/** An id no other element has. */
export function freshId(prefix) {
  unique += 1;
  return `${prefix}-${unique}`;
}

/** A modal dialog with a heading, a body and buttons; resolves closing with its return value. */
export function openDialog({ title, body, buttons, className = "" }) {
  const headingId = freshId("dialog");
  const dialog = el(
    "dialog",
    { class: className, "aria-labelledby": headingId },
    el("div", { class: "dialog-head" }, el("h2", { id: headingId }, title)),
    el("div", { class: "dialog-body" }, body),
    el("div", { class: "dialog-foot" }, buttons),
  );
  document.body.append(dialog);
  const before = document.activeElement;
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve(dialog.returnValue);
    });
  });
  dialog.showModal();
  return { dialog, closed };
}
