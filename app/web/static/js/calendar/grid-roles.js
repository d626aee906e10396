/** The library says "table" of a thing that is none; this says what it is, so that screen readers are not misled. */
const STRUCTURE = "[role=row], [role=rowgroup], [role=cell], [role=columnheader], [aria-colindex], [aria-colspan]";
const NAMED = ".ec-col-head [aria-label], .ec-col-group [aria-label]";

function mend(root, label) {
  const calendar = root.querySelector(".ec");
  if (calendar && calendar.getAttribute("role") !== "group") {
    calendar.setAttribute("role", "group");
    calendar.setAttribute("aria-label", label);
  }
  for (const node of root.querySelectorAll(STRUCTURE)) {
    node.removeAttribute("role");
    node.removeAttribute("aria-colindex");
    node.removeAttribute("aria-colspan");
  }
  for (const node of root.querySelectorAll(NAMED)) node.removeAttribute("aria-label");
}

/** Now and whenever the library draws again. */
export function mendRoles(root, label) {
  mend(root, label);
  new MutationObserver(() => mend(root, label)).observe(root, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["role", "aria-label", "aria-colindex", "aria-colspan"],
  });
}
