/** The booking dialog: who, what, when; the time is held while it is open, and nothing typed is lost. */
import { ApiProblem, api, readable } from "../api.js";
import { el, freshId, openDialog } from "../dom.js";
import { ConflictPanel } from "./conflicts.js";
import { TimeFields, field } from "./fields.js";
import { Hold } from "./hold.js";
import { NextFree } from "./next-free.js";
import { PatientPart } from "./patient-part.js";
import { Repeat } from "./repeat.js";
import { wallOf } from "./zone.js";

const PREVIEW_WAIT_MS = 300;

class Booking {
  #key = crypto.randomUUID();
  #busy = false;
  #timer = null;

  constructor(desk, start) {
    this.desk = desk;
    const { store } = desk;
    this.patient = new PatientPart();
    this.fields = new TimeFields(store);
    this.reason = el("input", { name: "reason", maxlength: 500, autocomplete: "off" });
    this.repeat = new Repeat(store);
    this.hold = new Hold(store);
    this.next = new NextFree(store, () => this.#proposal());
    this.conflicts = new ConflictPanel(store, {
      onPick: (slot) => this.#take(slot),
      onOverride: desk.may.override ? (reason) => this.#book({ reason }) : null,
    });
    this.fault = el("div", { class: "notice bad", role: "alert", hidden: true });
    this.#open();
    this.#listen();
    this.#begin(start);
  }

  #open() {
    const form = el(
      "form",
      { class: "stack", id: freshId("booking"), novalidate: true },
      this.patient.element,
      this.fields.element,
      this.conflicts.element,
      el("div", { class: "fields" }, field("Reason", this.reason, { optional: true, kind: "wide" })),
      this.repeat.element,
      this.fault,
    );
    const submit = el("button", { class: "button primary", type: "submit", form: form.id }, "Book");
    const cancel = el("button", { class: "button", type: "button", onclick: () => this.dialog.close("") }, "Cancel");
    const { dialog, closed } = openDialog({
      title: "New appointment",
      body: el("div", { class: "cal-two" }, form, this.next.element),
      buttons: [this.hold.element, cancel, submit],
      className: "cal-dialog",
    });
    this.dialog = dialog;
    this.closed = closed;
    this.form = form;
    this.submit = submit;
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#book();
    });
    this.fields.addEventListener("change", () => this.#changed());
    this.patient.addEventListener("change", () => this.#patientChanged());
    this.repeat.addEventListener("change", () => this.#changed());
    this.next.addEventListener("pick", ({ detail }) => this.#take(detail));
    this.hold.addEventListener("held", () => {
      this.conflicts.clear();
      this.#previewSoon();
    });
    this.hold.addEventListener("refused", ({ detail }) => this.conflicts.show(detail, this.#proposal()));
    this.hold.addEventListener("trouble", ({ detail }) => this.#tell(readable(detail)));
    this.closed.then((outcome) => {
      if (outcome !== "booked") this.hold.release();
    });
  }

  #begin({ doctorId, wall, typeId, roomId, minutes, patient, reason }) {
    if (patient) this.patient.choose(patient);
    if (reason) this.reason.value = reason;
    this.fields.set({ doctorId, wall, typeId, roomId, minutes });
    if (!this.patient.focus()) this.submit.focus();
  }

  /** What is asked for now, or null while something is missing. */
  #proposal() {
    const time = this.fields.value;
    return time && { ...time, patient_id: this.patient.patient?.id ?? null };
  }

  #patientChanged() {
    this.#changed();
    if (this.patient.patient) this.submit.focus();
  }

  #changed() {
    this.fault.hidden = true;
    const proposal = this.#proposal();
    if (proposal) this.hold.want(proposal);
    this.next.askSoon();
    this.#previewSoon();
  }

  #take(slot) {
    this.conflicts.clear();
    this.fields.take(slot, wallOf(slot.starts_at));
    if (!this.patient.focus()) this.submit.focus();
  }

  #tell(text) {
    this.fault.textContent = text;
    this.fault.hidden = false;
  }

  #rule() {
    return this.fields.wall ? this.repeat.ruleFrom(this.fields.wall.slice(0, 10)) : null;
  }

  #previewSoon() {
    clearTimeout(this.#timer);
    if (this.#rule()) this.#timer = setTimeout(() => this.#preview(), PREVIEW_WAIT_MS);
  }

  async #preview() {
    const first = this.#body();
    const rrule = this.#rule();
    if (!first?.patient_id || !rrule) return;
    try {
      const json = { first, rrule, on_conflict: this.repeat.onConflict.value };
      const { occurrences } = await api("POST", "/appointment-series/preview", { json });
      if (rrule === this.#rule()) this.repeat.show(occurrences, first);
    } catch (error) {
      this.#tell(readable(error));
    }
  }

  #body(override = null) {
    const proposal = this.#proposal();
    return proposal && { ...proposal, hold_id: this.hold.id, reason: this.reason.value.trim() || null, override };
  }

  async #book(override = null) {
    if (this.#busy) return;
    if (!this.patient.patient) return this.patient.ask();
    if (!this.#proposal()) return this.#tell("Fill in the day, the time and the minutes.");
    this.#busy = true;
    this.submit.setAttribute("aria-disabled", "true");
    try {
      await this.hold.settled();
      if (this.#rule()) await this.#bookSeries(override);
      else await this.#bookOne(override);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#busy = false;
      this.submit.removeAttribute("aria-disabled");
    }
    return undefined;
  }

  async #bookOne(override) {
    const appointment = await api("POST", "/appointments", { json: this.#body(override), idempotencyKey: this.#key });
    this.hold.becameAppointment();
    this.desk.store.apply(appointment);
    this.dialog.close("booked");
    await this.closed;
    await this.desk.booked(appointment);
  }

  async #bookSeries(override) {
    const json = { first: this.#body(override), rrule: this.#rule(), on_conflict: this.repeat.onConflict.value };
    const answer = await api("POST", "/appointment-series", { json, idempotencyKey: this.#key });
    this.hold.becameAppointment();
    this.dialog.close("booked");
    await this.closed;
    await this.desk.bookedSeries(answer.occurrences);
  }

  #failed(error) {
    this.#key = crypto.randomUUID();
    const facts = error instanceof ApiProblem ? error.facts : {};
    if (facts.conflicts) this.conflicts.show(facts, this.#proposal());
    else if (facts.occurrences) this.repeat.show(facts.occurrences, this.#proposal());
    else this.#tell(readable(error));
  }
}

/**
 * Open the dialog. start: {doctorId, wall, typeId, roomId, minutes, patient, reason}, each optional.
 * Resolves once it is closed: "booked" or "".
 */
export function openBooking(desk, start) {
  return new Booking(desk, start).closed;
}
