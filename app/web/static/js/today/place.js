/** Replacing a list without losing the reader's place: focus, open parts, the row under the pointer. */

const ROW = "[data-row]";

function rowOf(node) {
  return node?.closest?.(ROW)?.dataset.row;
}

function rowNamed(root, name) {
  return name ? root.querySelector(`[data-row="${CSS.escape(name)}"]`) : null;
}

/** Where the focus is: its row, and which of the row's controls. */
function focusIn(root) {
  const active = document.activeElement;
  if (!root.contains(active)) return null;
  return { id: active.id, row: rowOf(active), control: active.dataset?.control };
}

function focusAgain(root, was) {
  if (!was) return;
  const row = rowNamed(root, was.row);
  const same = was.control && row?.querySelector(`[data-control="${CSS.escape(was.control)}"]`);
  const next = same || row?.querySelector("button, a[href]") || (was.id && document.getElementById(was.id));
  const fallback = root.closest("[tabindex]") ?? root.querySelector("button, a[href]");
  (next || fallback)?.focus({ preventScroll: true });
}

/** Change what is in `root`; the row in use stays where it is on the screen. */
export function keepingPlace(root, change) {
  const focus = focusIn(root);
  const opened = [...root.querySelectorAll("details[open][id]")].map(({ id }) => id);
  const held = focus?.row ?? rowOf(root.querySelector(`${ROW}:hover`));
  const before = rowNamed(root, held)?.getBoundingClientRect().top;
  change();
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  focusAgain(root, focus);
  const after = rowNamed(root, held)?.getBoundingClientRect().top;
  if (before !== undefined && after !== undefined && after !== before) scrollBy(0, after - before);
}
