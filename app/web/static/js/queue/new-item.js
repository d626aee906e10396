/** New tasks and new alerts, for a pool or a person. */
import { api, readable } from "../api.js";
import { PatientPicker } from "../calendar/patient-picker.js";
import { instantOf } from "../calendar/zone.js";
import { el, openDialog } from "../dom.js";
import { labelled, receiverField } from "./dialogs.js";

const SEVERITIES = ["critical", "high", "medium", "low"];
const WORDS = { task: "New task", alert: "New alert" };

function severityField(value) {
  return el(
    "select",
    {},
    SEVERITIES.map((each) => el("option", { value: each, selected: each === value }, each)),
  );
}

/** Ask for everything a task or an alert needs; resolves with what the API answered, or null. */
export class NewItem {
  constructor(kind, choices) {
    this.kind = kind;
    this.choices = choices;
    this.title = el("input", { type: "text", maxlength: 200, autocomplete: "off", required: true });
    this.body = el("textarea", { rows: 3, maxlength: 4000 });
    this.severity = severityField(kind === "task" ? "medium" : "high");
    this.to = receiverField(choices, { label: "For", any: kind === "task" ? "as the type or template says" : "as the type says" });
    this.patient = new PatientPicker({ label: "Patient (optional)", canRegister: false });
    this.fault = el("div", { class: "notice bad", role: "alert", tabindex: "-1", hidden: true });
  }

  ask() {
    const id = "new-item";
    this.form = el("form", { class: "stack", id, method: "dialog", novalidate: true }, this.fault, this.#fields());
    const cancel = el("button", { class: "button", type: "button" }, "Cancel");
    const send = el("button", { class: "button primary", type: "submit", form: id }, this.kind === "task" ? "Add the task" : "Raise the alert");
    const { dialog, closed } = openDialog({ title: WORDS[this.kind], body: this.form, buttons: [cancel, send], className: "q-dialog" });
    let made = null;
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (send.getAttribute("aria-disabled") === "true") return;
      send.setAttribute("aria-disabled", "true");
      made = await this.#send();
      send.removeAttribute("aria-disabled");
      if (made) dialog.close();
    });
    cancel.addEventListener("click", () => dialog.close());
    (this.template ?? this.title).focus();
    return closed.then(() => made);
  }

  #fields() {
    const fields = [
      labelled("What is to be done", this.title),
      labelled("More", this.body, { optional: true }),
      this.patient.element,
      el("div", { class: "two" }, labelled("Severity", this.severity), this.to.element),
    ];
    if (this.kind === "alert") fields[0].querySelector("label").textContent = "What has happened";
    else fields.unshift(...this.#templateField());
    if (this.kind === "task") fields.push(...this.#taskFields());
    return fields;
  }

  #templateField() {
    const { templates } = this.choices;
    if (!templates?.length) return [];
    this.template = el(
      "select",
      { onchange: () => this.#fill() },
      el("option", { value: "" }, "none"),
      templates.map(({ id, name }) => el("option", { value: id }, name)),
    );
    return [labelled("Template", this.template, { optional: true })];
  }

  #taskFields() {
    this.due = el("input", { type: "datetime-local" });
    this.checklist = el("textarea", { rows: 3 });
    this.repeats = el(
      "select",
      {},
      [
        ["", "no"],
        ["FREQ=DAILY", "every day"],
        ["FREQ=WEEKLY", "every week"],
        ["FREQ=MONTHLY", "every month"],
      ].map(([value, label]) => el("option", { value }, label)),
    );
    return [
      el(
        "div",
        { class: "two" },
        labelled("Due", this.due, { optional: true, hint: "Left empty: as the type or template says." }),
        labelled("Comes back", this.repeats),
      ),
      labelled("Steps to tick off, one a line", this.checklist, { optional: true }),
    ];
  }

  /** What the template says stands in the fields, to be changed. */
  #fill() {
    const template = this.choices.templates.find(({ id }) => id === this.template.value);
    if (!template) return;
    this.title.value = template.title;
    this.body.value = template.body ?? "";
    this.severity.value = template.severity;
    this.to.select.value = `pool:${template.pool_id}`;
    this.checklist.value = template.checklist.join("\n");
  }

  #document() {
    const { to } = this;
    const [receiver, id] = Object.entries(to.chosen?.json ?? {})[0] ?? [];
    const wanted = {
      title: this.title.value.trim(),
      body: this.body.value.trim(),
      severity: this.severity.value,
      patient_id: this.patient.patient?.id,
      pool_id: receiver === "pool_id" ? id : null,
      assignee_id: receiver === "user_id" ? id : null,
      ...(this.kind === "task" && this.#taskDocument()),
    };
    return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
  }

  #taskDocument() {
    const steps = this.checklist.value.split("\n").map((line) => line.trim()).filter(Boolean);
    return {
      template_id: this.template?.value,
      due_at: this.due.value && instantOf(this.due.value),
      rrule: this.repeats.value,
      checklist: steps.length ? steps : null,
    };
  }

  async #send() {
    this.fault.hidden = true;
    if (!this.title.value.trim()) return this.#complain("Say what it is.", this.title);
    try {
      return await api("POST", `/${this.kind}s`, { json: this.#document(), idempotencyKey: crypto.randomUUID() });
    } catch (error) {
      return this.#complain(readable(error), this.fault);
    }
  }

  #complain(text, field) {
    this.fault.textContent = text;
    this.fault.hidden = false;
    field.focus();
    return null;
  }
}
