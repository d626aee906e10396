/** Somebody came without an appointment: who, to whom, for what; they are put on the list as arrived. */
import { ApiProblem, api, readable } from "../api.js";
import { el, freshId, openDialog } from "../dom.js";
import { field, fill } from "./fields.js";
import { PatientPart } from "./patient-part.js";
import { remember, remembered } from "./preferences.js";

class WalkIn {
  #key = crypto.randomUUID();
  #busy = false;

  constructor(desk, { doctorId } = {}) {
    this.desk = desk;
    const { store } = desk;
    this.patient = new PatientPart();
    this.doctor = el("select", { name: "practitioner_id" });
    this.type = el("select", { name: "visit_type_id" });
    this.reason = el("input", { name: "reason", maxlength: 500, autocomplete: "off" });
    this.fault = el("div", { class: "notice bad", role: "alert", hidden: true });
    fill(this.doctor, store.clinic.practitioners);
    if (doctorId) this.doctor.value = doctorId;
    this.#offerTypes(remembered("visitType"));
    this.doctor.addEventListener("change", () => this.#offerTypes());
    this.type.addEventListener("change", () => remember("visitType", this.type.value));
    this.#open();
    this.patient.addEventListener("change", () => this.patient.patient && this.submit.focus());
    this.patient.focus();
  }

  #offerTypes(choice = this.type.value) {
    const offered = this.desk.store.visitTypesOf(this.doctor.value);
    fill(this.type, offered);
    if (offered.some(({ id }) => id === choice)) this.type.value = choice;
  }

  #open() {
    const form = el(
      "form",
      { class: "stack", id: freshId("walk-in"), novalidate: true },
      this.patient.element,
      el(
        "div",
        { class: "fields" },
        field("Doctor", this.doctor),
        field("Visit type", this.type),
        field("Reason", this.reason, { optional: true, kind: "wide" }),
      ),
      this.fault,
    );
    this.submit = el("button", { class: "button primary", type: "submit", form: form.id }, "Record the arrival");
    const cancel = el("button", { class: "button", type: "button", onclick: () => this.dialog.close("") }, "Cancel");
    const { dialog, closed } = openDialog({ title: "Walk-in", body: form, buttons: [cancel, this.submit], className: "cal-middle" });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#record(false);
    });
    Object.assign(this, { dialog, closed });
  }

  async #record(besideBooked) {
    if (this.#busy) return;
    if (!this.patient.patient) return this.patient.ask();
    this.#busy = true;
    const json = {
      practitioner_id: this.doctor.value,
      visit_type_id: this.type.value,
      patient_id: this.patient.patient.id,
      reason: this.reason.value.trim() || null,
      beside_booked: besideBooked,
    };
    try {
      const answer = await api("POST", "/appointments/walk-ins", { json, idempotencyKey: this.#key });
      this.desk.store.apply(answer);
      this.dialog.close("recorded");
      await this.closed;
      await this.desk.show(answer);
      this.desk.undo.offer(`${answer.patient_name} is here, to ${answer.practitioner_name}.`, answer);
    } catch (error) {
      this.#key = crypto.randomUUID();
      if (error instanceof ApiProblem && error.code === "booked-today") this.#askAbout(error.facts.appointment_ids);
      else this.#tell("notice bad", readable(error));
    } finally {
      this.#busy = false;
    }
    return undefined;
  }

  #tell(kind, ...parts) {
    this.fault.className = kind;
    this.fault.replaceChildren(...parts);
    this.fault.hidden = false;
  }

  /** They are booked today: usually that is the visit they came for. */
  #askAbout(ids) {
    const open = async () => {
      this.dialog.close("");
      await this.closed;
      await this.desk.openById(ids[0]);
    };
    this.#tell(
      "notice warn",
      el("strong", {}, "This patient has an appointment today"),
      el("p", {}, "Record the arrival there, unless this is another visit."),
      el(
        "div",
        { class: "row" },
        el("button", { class: "button small", type: "button", onclick: open }, "Open that appointment"),
        el("button", { class: "button small", type: "button", onclick: () => this.#record(true) }, "Another visit: record it"),
      ),
    );
    this.fault.querySelector("button").focus();
  }
}

/** Open the dialog; resolves once it is closed. */
export function openWalkIn(desk, start) {
  return new WalkIn(desk, start).closed;
}
