/** What the queue asks before it does something: why, until when, to whom. */
import { instantOf, now, wallOf } from "../calendar/zone.js";
import { el, freshId, openDialog } from "../dom.js";

const MINUTE_MS = 60_000;
const QUICK_MINUTES = [15, 30, 60, 120, 240];

function labelled(label, control, { hint = "", optional = false } = {}) {
  control.id ||= freshId("q");
  const mark = optional && el("span", { class: "optional" }, " (optional)");
  return el("div", { class: "field" }, el("label", { for: control.id }, label, mark), control, hint && el("p", { class: "hint" }, hint));
}

/** A dialog with a form; resolves with what `read` gives, or null. `read` may say what is missing and give null. */
function askForm({ title, body, send, danger = false, read, focus }) {
  const id = freshId("q-form");
  const fault = el("p", { class: "notice bad", role: "alert", hidden: true });
  const form = el("form", { class: "stack", id, method: "dialog", novalidate: true }, fault, body);
  const cancel = el("button", { class: "button", type: "button" }, "Cancel");
  const submit = el("button", { class: danger ? "button danger" : "button primary", type: "submit", form: id }, send);
  const { dialog, closed } = openDialog({ title, body: form, buttons: [cancel, submit], className: "q-dialog" });
  let found = null;
  const complain = (text, field) => {
    fault.textContent = text;
    fault.hidden = false;
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
    return null;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found = read(complain);
    if (found) dialog.close();
  });
  cancel.addEventListener("click", () => dialog.close());
  focus?.focus();
  return closed.then(() => found);
}

const PROBLEMS = {
  "checklist-open": "Some steps are not ticked off. Tick them, or say why it is done without them.",
  "still-waits": "It still waits for something else. Say why it is done before that.",
};

/** Why, in words; for what is critical with the chart at hand. */
export function askReason({ item, verb, problem }) {
  const reason = el("textarea", { rows: 3, maxlength: 1000, required: true });
  const about =
    PROBLEMS[problem?.code] ??
    (item.severity === "critical" ? "This is critical. Look at the chart first, then say why." : "Say why.");
  const chart =
    item.chart && el("p", {}, el("a", { class: "button small", href: item.chart, target: "_blank" }, "Open the chart (new tab)"));
  return askForm({
    title: `${verb}: ${item.title}`,
    body: [el("p", {}, about), chart, labelled("Reason", reason)],
    send: verb,
    focus: reason,
    read: (complain) => reason.value.trim() || complain("A reason is needed.", reason),
  });
}

/** Until when: a quick choice, or a moment. */
export function askUntil(item) {
  const at = el("input", { type: "datetime-local", value: wallOf(now() + 30 * MINUTE_MS) });
  const reason = el("input", { type: "text", maxlength: 1000, autocomplete: "off" });
  const choose = (instant) => {
    at.value = wallOf(instant);
    at.form.requestSubmit();
  };
  const quick = QUICK_MINUTES.map((minutes) =>
    el(
      "button",
      { class: "button small", type: "button", onclick: () => choose(now() + minutes * MINUTE_MS) },
      minutes < 60 ? `${minutes} min` : `${minutes / 60} h`,
    ),
  );
  return askForm({
    title: `Snooze: ${item.title}`,
    body: [
      el("p", {}, "It comes back by itself; its deadline stays."),
      el("div", { class: "q-quick", role: "group", "aria-label": "For" }, quick),
      labelled("Until", at),
      labelled("Why", reason, { optional: true }),
    ],
    send: "Snooze",
    focus: quick[1],
    read: (complain) => {
      if (!at.value) return complain("Choose a moment.", at);
      const until = instantOf(at.value);
      if (Date.parse(until) <= now()) return complain("That moment has passed.", at);
      return { until, ...(reason.value.trim() && { reason: reason.value.trim() }) };
    },
  });
}

/** A select of people and pools; `chosen` gives {json, name} or null. */
export function receiverField(choices, { label = "To", any = "" } = {}) {
  const options = (found, kind) => found.map(({ id, name }) => el("option", { value: `${kind}:${id}` }, name));
  const select = el(
    "select",
    {},
    el("option", { value: "" }, any || "Choose…"),
    el("optgroup", { label: "Pools" }, options(choices.pools, "pool")),
    el("optgroup", { label: "People" }, options(choices.people, "user")),
  );
  return {
    select,
    element: labelled(label, select),
    get chosen() {
      if (!select.value) return null;
      const [kind, id] = select.value.split(":");
      return { json: { [`${kind}_id`]: id }, name: select.selectedOptions[0].textContent };
    },
  };
}

/** To whom, with a note. */
export function askReceiver({ title, choices, send, noteNeeded = false }) {
  const to = receiverField(choices);
  const note = el("textarea", { rows: 3, maxlength: 1000 });
  return askForm({
    title,
    body: [to.element, labelled("Note for whoever takes over", note, { optional: !noteNeeded })],
    send,
    focus: to.select,
    read: (complain) => {
      if (!to.chosen) return complain("Choose a person or a pool.", to.select);
      const text = note.value.trim();
      if (noteNeeded && !text) return complain("A note is needed: what should they know?", note);
      return { name: to.chosen.name, json: { ...to.chosen.json, ...(text && { note: text }) } };
    },
  });
}

/** A name for a view. */
export function askName() {
  const name = el("input", { type: "text", maxlength: 60, autocomplete: "off" });
  return askForm({
    title: "Save this view",
    body: [el("p", {}, "The filters as they are now, for you alone."), labelled("Name", name)],
    send: "Save",
    focus: name,
    read: (complain) => name.value.trim() || complain("A name is needed.", name),
  });
}

export { askForm, labelled };
