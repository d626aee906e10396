/** When two windows changed the same section: both texts side by side, and the doctor decides. */
import { el, freshId, openDialog } from "../dom.js";
import { combine } from "./merge.js";

function choice(group, value, label, checked, onchange) {
  const id = freshId("choice");
  return el(
    "label",
    { class: "choice", for: id },
    el("input", { type: "radio", name: group, id, value, checked, onchange }),
    label,
  );
}

/** One conflict: both versions, three choices, and the result, which can still be edited. */
function conflictBox({ key, mine, theirs }, label) {
  const group = freshId("merge");
  const resultId = freshId("result");
  const result = el("textarea", { id: resultId, rows: 4 });
  result.value = mine;
  const take = (text) => () => {
    result.value = text;
  };
  const box = el(
    "fieldset",
    { class: "merge-box stack-tight" },
    el("legend", {}, el("h3", {}, label)),
    el(
      "div",
      { class: "merge-pair" },
      el("div", {}, el("h4", {}, "What you typed"), el("p", { class: "merge-text" }, mine || "(empty)")),
      el("div", {}, el("h4", {}, "What is saved now"), el("p", { class: "merge-text" }, theirs || "(empty)")),
    ),
    el(
      "div",
      { class: "row" },
      choice(group, "mine", "Keep mine", true, take(mine)),
      choice(group, "theirs", "Take the saved one", false, take(theirs)),
      choice(group, "both", "Combine both", false, take(combine(mine, theirs))),
    ),
    el("label", { for: resultId }, "Result (you can still change it)"),
    result,
  );
  return { key, box, text: () => result.value };
}

/** Resolves with {key: text} for the conflicting sections, or null when the doctor looks again later. */
export async function askHowToMerge(conflicts, labelOf, title = "This note was changed in another window") {
  const parts = conflicts.map((conflict) => conflictBox(conflict, labelOf(conflict.key)));
  const later = el("button", { class: "button", type: "button" }, "Decide later");
  const apply = el("button", { class: "button primary", type: "button" }, "Save the result");
  const { dialog, closed } = openDialog({
    title,
    className: "wide-dialog",
    body: el(
      "div",
      { class: "stack" },
      el("p", {}, "Both versions are kept until you decide. Choose for each section:"),
      parts.map((part) => part.box),
    ),
    buttons: [later, apply],
  });
  later.addEventListener("click", () => dialog.close(""));
  apply.addEventListener("click", () => dialog.close("apply"));
  const answer = await closed;
  return answer === "apply" ? Object.fromEntries(parts.map((part) => [part.key, part.text()])) : null;
}
