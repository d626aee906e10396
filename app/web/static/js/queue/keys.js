/** The keys of the queue page; "?" and "/" are the site's own. */

const NOT_TYPED_INTO = "input[type=checkbox], input[type=radio], input[type=button]";

/** True where a letter key means a letter, or chooses from a list. */
function isTyping(target) {
  if (!(target instanceof HTMLElement) || target.matches(NOT_TYPED_INTO)) return false;
  return Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

/** Let these keys do things while no dialog is in front. keys: {"n": f, …}; a key is what `event.key` says. */
export function listenToKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog:modal") || isTyping(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
