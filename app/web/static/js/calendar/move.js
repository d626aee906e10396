/** "Move…": everything dragging can do, and what is in the way before anybody presses the button. */
import { api, readable } from "../api.js";
import { el, freshId, openDialog } from "../dom.js";
import { afterFreeing, conflictsIn, leavesTimeFree, reschedule } from "./actions.js";
import { ConflictPanel } from "./conflicts.js";
import { TimeFields } from "./fields.js";
import { NextFree } from "./next-free.js";
import { scopeChoice } from "./scope.js";
import { titleOf } from "./statuses.js";
import { momentText, wallOf } from "./zone.js";

const SETTLED_MS = 250;

class Move {
  #timer = null;
  #asking = null;
  #busy = false;

  constructor(desk, appointment, proposal, facts) {
    this.desk = desk;
    this.appointment = appointment;
    const { store } = desk;
    this.fields = new TimeFields(store, { withType: false });
    this.next = new NextFree(store, () => ({ ...this.#proposal(), ignoring: appointment.id }));
    this.conflicts = new ConflictPanel(store, {
      verb: "Move",
      onPick: (slot) => this.#take(slot),
      onOverride: desk.may.override ? (reason) => this.#move({ reason }) : null,
    });
    this.scope = appointment.series_id ? scopeChoice() : null;
    this.fault = el("div", { class: "notice bad", role: "alert", hidden: true });
    this.#open();
    this.#listen();
    this.fields.set({
      doctorId: proposal.practitioner_id,
      typeId: appointment.visit_type_id,
      wall: wallOf(proposal.starts_at),
      roomId: proposal.room_id,
      minutes: proposal.duration_minutes,
    });
    if (facts) this.conflicts.show(facts, proposal);
    this.fields.day.focus();
  }

  #open() {
    this.where = el("p", {});
    this.#tellWhere();
    const form = el(
      "form",
      { class: "stack", id: freshId("move"), novalidate: true },
      this.where,
      this.fields.element,
      this.conflicts.element,
      this.scope?.element,
      this.fault,
    );
    this.submit = el("button", { class: "button primary", type: "submit", form: form.id }, "Move");
    const cancel = el("button", { class: "button", type: "button", onclick: () => this.dialog.close("") }, "Leave it there");
    const { dialog, closed } = openDialog({
      title: "Move the appointment",
      body: el("div", { class: "cal-two" }, form, this.next.element),
      buttons: [cancel, this.submit],
      className: "cal-dialog",
    });
    Object.assign(this, { dialog, closed, form });
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#move();
    });
    this.fields.addEventListener("change", () => {
      this.fault.hidden = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), SETTLED_MS);
      this.next.askSoon();
    });
    this.next.addEventListener("pick", ({ detail }) => this.#take(detail));
  }

  #tellWhere() {
    const { visit_type_name: type, starts_at: starts, practitioner_name: doctor } = this.appointment;
    this.where.replaceChildren(el("strong", {}, titleOf(this.appointment)), `, ${type}, now ${momentText(starts)} with ${doctor}`);
  }

  #proposal() {
    const { visit_type_id: type, patient_id: patient } = this.appointment;
    return this.fields.value && { ...this.fields.value, visit_type_id: type, patient_id: patient };
  }

  #take(slot) {
    this.conflicts.clear();
    this.fields.take(slot, wallOf(slot.starts_at));
    this.submit.focus();
  }

  /** What would be in the way; asked, never guessed. */
  async #look() {
    const proposal = this.#proposal();
    if (!proposal) return;
    const query = new URLSearchParams({ ignoring: this.appointment.id });
    for (const [name, value] of Object.entries(proposal)) if (value !== null) query.set(name, value);
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const answer = await api("GET", `/appointments/conflicts?${query}`, { signal: this.#asking.signal });
      if (answer.conflicts.length) this.conflicts.show(answer, proposal);
      else this.conflicts.clear();
    } catch (error) {
      if (error.name !== "AbortError") this.#tell(readable(error));
    }
  }

  #tell(text) {
    this.fault.textContent = text;
    this.fault.hidden = false;
  }

  /** Somebody was quicker: show what they did; what is chosen here stays, and may be asked for again. */
  async #changedMeanwhile() {
    const { desk } = this;
    try {
      this.appointment = await api("GET", `/appointments/${this.appointment.id}`);
      desk.store.apply(this.appointment);
      this.#tellWhere();
      this.#tell("Somebody changed this appointment meanwhile: see above where it is now. Press Move to move it all the same.");
    } catch (error) {
      this.#tell(readable(error));
    }
  }

  async #move(override = null) {
    if (this.#busy) return;
    const proposal = this.#proposal();
    if (!proposal) return this.#tell("Fill in the day, the time and the minutes.");
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      const { appointment: before, desk } = this;
      const after = await reschedule(desk, before, proposal, { override, scope: this.scope?.value() });
      this.dialog.close("moved");
      await this.closed;
      await desk.show(after);
      if (leavesTimeFree(before, after)) await afterFreeing(desk, before);
    } catch (error) {
      const facts = conflictsIn(error);
      if (facts) this.conflicts.show(facts, proposal);
      else if (error.status === 412) await this.#changedMeanwhile();
      else this.#tell(readable(error));
    } finally {
      this.#busy = false;
    }
    return undefined;
  }
}

/** Open the dialog, with another proposal than where it stands, and what was in its way, when known. */
export function openMove(desk, appointment, { proposal = appointment, facts = null } = {}) {
  return new Move(desk, appointment, proposal, facts).closed;
}
