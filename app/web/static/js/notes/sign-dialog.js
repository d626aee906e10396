/** Signing: what is still open, the password, and one Enter. */
import { ApiProblem, api, readable } from "../api.js";
import { el, freshId, openDialog } from "../dom.js";
import { playPoint } from "./doubts.js";
import { openPoints, openWords } from "./open-words.js";

function check(label, attributes = {}) {
  const id = freshId("check");
  const input = el("input", { type: "checkbox", id, ...attributes });
  return { input, row: el("label", { class: "choice", for: id }, input, label) };
}

function pointRow(point) {
  const { input, row } = check(`“${point.text}” is right (${point.why})`);
  return { input, indexes: point.indexes, row: el("li", { class: "row" }, playPoint(point), row) };
}

/** Uncertain words, each to be accepted by itself or all at once. */
function wordsPart(points) {
  if (!points.length) return { part: null, accepted: () => [] };
  const rows = points.map(pointRow);
  const all = check(`All ${points.length} are right`);
  all.input.addEventListener("change", () => {
    for (const { input } of rows) input.checked = all.input.checked;
  });
  const part = el(
    "fieldset",
    { class: "stack-tight" },
    el("legend", { class: "label" }, `${points.length} uncertain place${points.length === 1 ? "" : "s"}`),
    el("ul", { class: "stack-tight" }, rows.map(({ row }) => row)),
    points.length > 1 ? all.row : null,
  );
  return { part, accepted: () => rows.filter(({ input }) => input.checked).flatMap(({ indexes }) => indexes) };
}

function emptyPart(keys, labelOf) {
  if (!keys.length) return { part: null, accepted: () => true };
  const { input, row } = check("Leave them empty");
  const names = keys.map(labelOf).join(", ");
  const part = el(
    "fieldset",
    { class: "stack-tight" },
    el("legend", { class: "label" }, `${keys.length} empty part${keys.length === 1 ? "" : "s"}`),
    el("p", { class: "muted" }, names),
    row,
  );
  return { part, accepted: () => input.checked };
}

function passwordPart() {
  const id = freshId("password");
  const hint = freshId("hint");
  const input = el("input", { type: "password", id, autocomplete: "current-password", "aria-describedby": hint });
  const part = el(
    "div",
    { class: "field" },
    el("label", { for: id }, "Your password"),
    input,
    el("p", { class: "hint", id: hint }, "It says that it is really you who signs. Not needed just after signing in."),
  );
  return { input, part };
}

function build(note, labelOf) {
  const words = wordsPart(openPoints(openWords(note)));
  const empty = emptyPart(note.open.empty_sections, labelOf);
  const password = passwordPart();
  const error = el("div", { class: "notice bad", role: "alert", hidden: true });
  const clear = !words.part && !empty.part;
  const form = el(
    "form",
    { class: "stack", id: freshId("sign") },
    el("p", {}, "After signing, this text can no longer be changed; addenda and amendments stay possible."),
    clear ? el("p", { class: "notice ok" }, "Nothing is open: no uncertain words, no empty parts.") : null,
    words.part,
    empty.part,
    password.part,
    error,
  );
  return { form, words, empty, password, error };
}

function explain(error) {
  if (!(error instanceof ApiProblem)) return readable(error);
  if (error.code === "doubts-open") return "Some uncertain words are neither accepted nor corrected yet.";
  if (error.code === "empty-sections") return "Say that the empty parts stay empty, or fill them.";
  if (error.code === "note-changed") return "The note was changed after you opened this. Close, look again, then sign.";
  return readable(error);
}

/** Ask and sign. Resolves "signed", "signals" when danger signs wait for an answer, or "" when put off. */
export async function askToSign(note, labelOf) {
  const { form, words, empty, password, error } = build(note, labelOf);
  const submit = el("button", { class: "button primary", type: "submit", form: form.id }, "Sign the note");
  const cancel = el("button", { class: "button", type: "button" }, "Not yet");
  const { dialog, closed } = openDialog({ title: "Sign this note", body: form, buttons: [cancel, submit] });
  cancel.addEventListener("click", () => dialog.close(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      const json = {
        version: note.version,
        password: password.input.value || null,
        accepted_words: words.accepted(),
        accept_empty_sections: empty.accepted(),
      };
      await api("POST", `/notes/${note.id}/signature`, { json });
      dialog.close("signed");
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === "signals-unanswered") return dialog.close("signals");
      error.textContent = explain(problem);
      error.hidden = false;
      if (/password|authentication|credential/.test(problem.code ?? "")) password.input.select();
    } finally {
      submit.disabled = false;
    }
  });
  (form.querySelector("input[type=checkbox]") ?? password.input).focus();
  return closed;
}
