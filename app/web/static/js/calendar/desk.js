/** What every dialog and view of the calendar may ask for; the one place where they meet. */
import { api, readable } from "../api.js";
import { announce, toast } from "../dom.js";
import { afterFreeing, conflictsIn, leavesTimeFree, reschedule } from "./actions.js";
import { openBooking } from "./booking.js";
import { openMove } from "./move.js";
import { askScope } from "./scope.js";
import { isMovable } from "./statuses.js";
import { Undo } from "./undo.js";
import { offerWaiting } from "./waiting.js";
import { openWalkIn } from "./walk-in.js";
import { clockOf, dayOf, minuteOf, momentText, now, today, wallOf } from "./zone.js";

export class Desk {
  #busy = false;
  #moving = Promise.resolve();

  /** page: the element, which knows what is shown; clinic: the page's data block. */
  constructor(page, store, clinic) {
    this.page = page;
    this.store = store;
    this.may = clinic.may;
    this.me = clinic.me;
    this.undo = new Undo(this);
  }

  /** Where the keyboard stands, for dialogs that start from here. */
  get here() {
    return this.page.here ?? this.soon(this.store.doctorsShown[0]?.id);
  }

  /** The next step of the grid from now, on the day shown. */
  soon(doctorId) {
    const day = this.store.range?.from ?? today();
    if (day !== today()) return { doctorId, wall: `${day}T09:00` };
    const next = Math.min(Math.ceil((minuteOf(wallOf(now())) + 1) / 15) * 15, 23 * 60);
    return { doctorId, wall: `${day}T${clockOf(next)}` };
  }

  /** Open the booking dialog, one at a time. */
  async book(start) {
    if (!this.may.book || this.#busy || !this.store.clinic.practitioners.length) return;
    this.#busy = true;
    try {
      await openBooking(this, start);
    } finally {
      this.#busy = false;
    }
  }

  async walkIn() {
    if (!this.may.book || this.#busy) return;
    this.#busy = true;
    try {
      await openWalkIn(this, { doctorId: this.here?.doctorId });
    } finally {
      this.#busy = false;
    }
  }

  /** The same again for somebody who came, or did not. */
  bookAgain(appointment, patient) {
    const again = this.soon(appointment.practitioner_id);
    return this.book({
      ...again,
      wall: new Date(appointment.starts_at) > now() ? wallOf(appointment.starts_at) : again.wall,
      typeId: appointment.visit_type_id,
      patient,
      reason: appointment.reason,
    });
  }

  booked(appointment) {
    const text = `${appointment.patient_name} booked, ${momentText(appointment.starts_at)}, ${appointment.practitioner_name}.`;
    announce(text);
    this.undo.offer(text, appointment);
    return this.show(appointment);
  }

  async bookedSeries(occurrences) {
    const made = occurrences.filter(({ appointment }) => appointment);
    const left = occurrences.length - made.length;
    toast(`${made.length} appointments booked${left ? `, ${left} left out` : ""}.`, left ? "warn" : "ok");
    await this.refresh();
    if (made.length) await this.show(made[0].appointment);
  }

  /** Open the panel of an appointment. */
  async open(appointment) {
    if (appointment) await this.page.panel.open(appointment);
  }

  async openById(id) {
    const one = await this.find(id);
    if (!one) return;
    await this.show(one);
    await this.open(one);
  }

  /** One appointment, from what is loaded or from the server; null when it cannot be had. */
  async find(id) {
    return this.store.get(id) ?? (await api("GET", `/appointments/${id}`).catch(() => null));
  }

  /** Bring an appointment into view and put the focus on it. */
  async show(appointment) {
    await this.page.goTo(dayOf(appointment.starts_at), appointment.practitioner_id);
    this.focusOn(appointment.id);
  }

  /** Put the focus on an appointment, or back where it was. */
  focusOn(id, otherwise = null) {
    if (this.page.focusOn(id)) return;
    if (otherwise?.isConnected) otherwise.focus();
    else this.page.focusGrid();
  }

  /** Later (1) or earlier (-1). */
  turn(direction) {
    return this.page.turn(direction);
  }

  async refresh() {
    await this.store.reload();
    await this.store.loadCounts();
  }

  offerWaiting(slot) {
    return offerWaiting(this, slot);
  }

  /** The "Move…" dialog of an appointment, as it stands once a move still under way has been answered. */
  async openMove(appointment) {
    await this.#moving;
    const one = this.store.get(appointment?.id) ?? appointment;
    if (this.may.book && one && isMovable(one)) await openMove(this, one);
  }

  /** A drag, or a move with the keyboard: done at once, or explained with everything that is in the way. */
  drag(before, wanted) {
    const moving = this.#drag(before, wanted);
    this.#moving = moving.catch(() => {});
    return moving;
  }

  async #drag(before, wanted) {
    const scope = before.series_id ? await askScope("Move") : null;
    if (before.series_id && !scope) return this.page.grid.redraw(before);
    try {
      const after = await reschedule(this, before, wanted, { scope });
      this.page.grid.redraw(after);
      announce(`Moved to ${momentText(after.starts_at)}`);
      if (leavesTimeFree(before, after)) afterFreeing(this, before);
    } catch (error) {
      this.page.grid.redraw(before);
      const facts = conflictsIn(error);
      if (facts) openMove(this, this.store.get(before.id) ?? before, { proposal: wanted, facts });
      else toast(readable(error), "bad");
    }
    return undefined;
  }
}
