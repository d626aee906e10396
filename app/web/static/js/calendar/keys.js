/** The keys of the calendar page; "?" and "/" are the site's own. */

/** True where a letter key means a letter. */
const isTyping = (target) => target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");

/** Let these keys do things while no dialog is in front. keys: {"n": f, …}; a key is what `event.key` says. */
export function listenToKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
