/** Of a repeating visit: this one, this and the following, or all still to come. */
import { el, freshId, openDialog } from "../dom.js";

const SCOPES = [
  ["this", "Only this one"],
  ["following", "This and the following ones"],
  ["all", "All still to come"],
];

/** The three choices as radio buttons. */
export function scopeChoice() {
  const name = freshId("scope");
  const boxes = SCOPES.map(([value, text]) => {
    const id = freshId("scope");
    const box = el("input", { type: "radio", name, id, value, checked: value === "this" });
    return { box, row: el("label", { class: "choice", for: id }, box, text) };
  });
  const element = el("fieldset", { class: "stack-tight" }, el("legend", { class: "label" }, "This visit repeats. Change"), boxes.map(({ row }) => row));
  return { element, value: () => boxes.find(({ box }) => box.checked).box.value };
}

/** Ask how much of a series a change is for; resolves to a scope, or null when put off. */
export async function askScope(verb) {
  const choice = scopeChoice();
  const go = el("button", { class: "button primary", type: "submit" }, verb);
  const form = el("form", { id: freshId("scope-form") }, choice.element);
  go.setAttribute("form", form.id);
  const cancel = el("button", { class: "button", type: "button" }, "Leave it");
  const { dialog, closed } = openDialog({ title: "A repeating visit", body: form, buttons: [cancel, go], className: "cal-small" });
  cancel.addEventListener("click", () => dialog.close(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close(choice.value());
  });
  form.querySelector("input").focus();
  return (await closed) || null;
}
