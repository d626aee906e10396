/** Moving with the keyboard: Alt and an arrow take an appointment up, Enter puts it down, Escape leaves it. */
import { announce } from "../dom.js";
import { isMovable, titleOf } from "./statuses.js";
import { addMinutes, dayOf, instantOf, minutesBetween, spanWords, wallOf, weekdayText } from "./zone.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const SHORTEST = 5;
const LONGEST = 480;

export class Nudge {
  #one = null;
  #wanted = null;

  constructor(desk, grid, hint) {
    this.desk = desk;
    this.grid = grid;
    this.hint = hint;
    grid.element.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    document.addEventListener("pointerdown", () => this.#leave(), { capture: true });
  }

  get active() {
    return this.#one !== null;
  }

  #onKey(event) {
    const step = STEPS[event.key];
    const begins = event.altKey && step && !this.active && this.#begin(event.target);
    if (!this.active && !begins) return;
    if (event.key === "Tab") return this.#leave();
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.#putDown();
    else if (event.key === "Escape") this.#leave();
    else if (step) this.#shift(step, event.shiftKey);
  }

  #begin(target) {
    const one = this.desk.store.get(target.closest(".ec-event")?.dataset.id);
    if (!one || !this.desk.may.book || !isMovable(one)) return false;
    this.#one = one;
    this.#wanted = one;
    return true;
  }

  #shift([down, aside], length) {
    const before = this.#wanted;
    if (down && length) this.#wanted = this.#resized(down * this.grid.step);
    else if (down) this.#wanted = this.#at(addMinutes(wallOf(before.starts_at), down * this.grid.step));
    else this.#wanted = this.#inColumn(aside);
    this.#show();
  }

  #at(wall, doctorId = this.#wanted.practitioner_id) {
    const starts = instantOf(wall);
    const ends = new Date(new Date(starts).getTime() + this.#wanted.duration_minutes * 60_000).toISOString();
    return { ...this.#wanted, practitioner_id: doctorId, starts_at: starts, ends_at: ends };
  }

  #resized(minutes) {
    const length = Math.min(LONGEST, Math.max(SHORTEST, this.#wanted.duration_minutes + minutes));
    this.#wanted = { ...this.#wanted, duration_minutes: length };
    return this.#at(wallOf(this.#wanted.starts_at));
  }

  #inColumn(aside) {
    const { columns } = this.grid;
    const wall = wallOf(this.#wanted.starts_at);
    const at = columns.findIndex(({ day, doctorId }) => day === dayOf(this.#wanted.starts_at) && doctorId === this.#wanted.practitioner_id);
    const column = columns[at + aside];
    return column ? this.#at(`${column.day}T${wall.slice(11)}`, column.doctorId) : this.#wanted;
  }

  #show() {
    this.grid.propose(this.#one, this.#wanted);
    const { starts_at: starts, ends_at: ends, practitioner_id: doctor, duration_minutes: length } = this.#wanted;
    const text = `${titleOf(this.#one)}: ${weekdayText(dayOf(starts))}, ${spanWords(starts, ends)} (${length} min), ${this.desk.store.nameOfDoctor(doctor)}. Enter puts it there, Escape leaves it.`;
    this.hint.textContent = text;
    this.hint.hidden = false;
    announce(text);
  }

  #end() {
    const [one, wanted] = [this.#one, this.#wanted];
    this.#one = null;
    this.#wanted = null;
    this.hint.hidden = true;
    return { one, wanted };
  }

  #leave() {
    if (!this.active) return;
    const { one } = this.#end();
    this.grid.refocus = one.id;
    this.grid.redraw(one);
    announce("Left where it was");
  }

  async #putDown() {
    const { one, wanted } = this.#end();
    const same = wanted.practitioner_id === one.practitioner_id && minutesBetween(one.starts_at, wanted.starts_at) === 0;
    this.grid.refocus = one.id;
    if (same && wanted.duration_minutes === one.duration_minutes) return this.grid.redraw(one);
    await this.desk.drag(one, wanted);
    return undefined;
  }
}
