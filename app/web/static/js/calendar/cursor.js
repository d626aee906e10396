/** The keyboard in the grid: one place at a time, an appointment or an empty time, moved with the arrow keys. */
import { el } from "../dom.js";
import { clockOf, dayOf, instantOf, minuteOf, now, today, wallOf, weekdayText } from "./zone.js";

const PAGE_MINUTES = 60;

/** Where it is: a column, and either the appointment `id` or the empty time at `minute`. */
export class Cursor {
  #column = 0;
  #minute = null;
  #id = null;

  constructor(desk, grid) {
    this.desk = desk;
    this.grid = grid;
    this.button = el("button", { class: "cal-cursor", type: "button", onclick: () => this.#book() });
    grid.element.addEventListener("keydown", (event) => this.#onKey(event));
    grid.element.addEventListener("focusin", (event) => this.#follow(event.target));
  }

  isOn(id) {
    return this.#id === id;
  }

  /** The column and minute, for whoever opens a dialog from here; from an appointment, the next free one. */
  get here() {
    const column = this.grid.columns[this.#column];
    if (!column) return null;
    const minute = this.#freeFrom(this.#minute ?? this.grid.limits.min);
    return { doctorId: column.doctorId, wall: `${column.day}T${clockOf(minute)}` };
  }

  #freeFrom(minute) {
    let free = minute;
    for (const { from, until } of this.#items(this.#column)) if (from <= free && free < until) free = until;
    return free < this.grid.limits.max ? free : minute;
  }

  /** The appointment it stands on, or null. */
  get appointment() {
    return this.#id ? this.desk.store.get(this.#id) : null;
  }

  /** Another range is shown: stay at the time of day; the focus comes along if it was here. */
  reset() {
    const columns = this.grid.columns.length;
    this.#column = Math.min(this.#column, Math.max(0, columns - 1));
    if (!this.#id || !this.#itemOf(this.#id)) this.#id = null;
    this.#minute ??= this.grid.days.includes(today()) ? this.#snapped(minuteOf(wallOf(now()))) : 9 * 60;
    this.#minute = this.#inside(this.#minute);
    this.place();
  }

  /** Put the marker of an empty time where it belongs, and only one thing into the order of Tab. */
  place() {
    const host = this.grid.element.querySelector(".ec-body .ec-events");
    if (!host || !this.grid.columns.length) return;
    if (this.#id && !this.grid.elementOf(this.#id)) this.#id = null;
    for (const node of this.grid.element.querySelectorAll(".ec-event[data-id]")) node.tabIndex = node.dataset.id === this.#id ? 0 : -1;
    const had = document.activeElement === this.button;
    this.button.hidden = this.#id !== null;
    this.button.disabled = !this.desk.may.book;
    if (this.button.parentElement !== host) host.append(this.button);
    const { style } = this.button;
    style.gridColumn = String(this.#column + 1);
    style.insetBlockStart = `${this.grid.topOf(this.#minute)}px`;
    style.blockSize = `${this.grid.topOf(this.#minute + this.grid.step) - this.grid.topOf(this.#minute)}px`;
    this.button.setAttribute("aria-label", this.#sentence());
    this.button.textContent = clockOf(this.#minute);
    if (had && document.activeElement !== this.button) this.button.focus();
  }

  /** Move the focus to an appointment. */
  goTo(appointment) {
    const day = dayOf(appointment.starts_at);
    const column = this.grid.columns.findIndex((each) => each.day === day && each.doctorId === appointment.practitioner_id);
    if (column < 0) return;
    this.#land(column, minuteOf(wallOf(appointment.starts_at)), appointment.id);
  }

  focus() {
    if (this.#id) this.#focusNode(this.grid.elementOf(this.#id));
    else this.#focusNode(this.button);
  }

  #focusNode(node) {
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #sentence() {
    const { doctorId, name, day } = this.grid.columns[this.#column];
    const at = new Date(instantOf(`${day}T${clockOf(this.#minute)}`));
    const { known, spans } = this.desk.store.openingOf(doctorId, day);
    const open = !known || spans.some(({ starts_at: from, ends_at: until }) => new Date(from) <= at && at < new Date(until));
    return `${clockOf(this.#minute)}, ${weekdayText(day)}, ${name}: ${open ? "free" : "outside working hours"}. Book`;
  }

  /** Appointments of a column as {id, from, until} in minutes, by time. */
  #items(column) {
    const { doctorId, day } = this.grid.columns[column];
    return this.desk.store.appointments
      .filter((one) => one.practitioner_id === doctorId && dayOf(one.starts_at) === day)
      .map((one) => ({ id: one.id, from: minuteOf(wallOf(one.starts_at)), until: minuteOf(wallOf(one.starts_at)) + one.duration_minutes }));
  }

  #itemOf(id) {
    return this.grid.columns.length ? this.#items(this.#column).find((item) => item.id === id) : undefined;
  }

  #snapped(minute) {
    const { step, limits } = this.grid;
    return limits.min + Math.floor((minute - limits.min) / step) * step;
  }

  #inside(minute) {
    const { min, max } = this.grid.limits;
    return Math.min(Math.max(minute, min), max - this.grid.step);
  }

  /** Whatever begins in this step of the grid, or reaches over it, is what one lands on. */
  #land(column, minute, id = null) {
    this.#column = column;
    const at = this.#inside(minute);
    const items = this.#items(column);
    const hit = id
      ? items.find((item) => item.id === id)
      : (items.find(({ from, until }) => from <= at && at < until) ?? items.find(({ from }) => from > at && from < at + this.grid.step));
    this.#id = hit?.id ?? null;
    this.#minute = hit ? hit.from : at;
    this.place();
    this.focus();
  }

  /** A press with the mouse moves the place of the keyboard too. */
  #follow(target) {
    const id = target.closest?.(".ec-event")?.dataset.id;
    if (!id || id === this.#id) return;
    const one = this.desk.store.get(id);
    if (!one) return;
    this.#id = id;
    this.#minute = minuteOf(wallOf(one.starts_at));
    const column = this.grid.columns.findIndex(({ day, doctorId }) => day === dayOf(one.starts_at) && doctorId === one.practitioner_id);
    if (column >= 0) this.#column = column;
    this.place();
  }

  #book() {
    this.desk.book(this.here);
  }

  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowDown: () => this.#down(),
      ArrowUp: () => this.#up(),
      ArrowLeft: () => this.#aside(-1),
      ArrowRight: () => this.#aside(1),
      PageDown: () => this.#land(this.#column, this.#minute + PAGE_MINUTES),
      PageUp: () => this.#land(this.#column, this.#minute - PAGE_MINUTES),
      Home: () => this.#land(this.#column, this.grid.limits.min),
      End: () => this.#land(this.#column, this.grid.limits.max),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  #down() {
    const item = this.#id && this.#itemOf(this.#id);
    this.#land(this.#column, item ? Math.max(item.until, item.from + 1) : this.#minute + this.grid.step);
  }

  #up() {
    const before = this.#minute - 1;
    const reached = this.#items(this.#column).filter(({ from, until }) => from <= before && before < until);
    if (reached.length) this.#land(this.#column, reached[0].from, reached[0].id);
    else this.#land(this.#column, this.#snapped(before));
  }

  /** Among those that lie side by side first, then to the next doctor, then to the next day. */
  #aside(direction) {
    const item = this.#id && this.#itemOf(this.#id);
    const beside = item ? this.#items(this.#column).filter(({ from, until }) => from < item.until && item.from < until) : [];
    const next = beside[beside.findIndex(({ id }) => id === this.#id) + direction];
    if (item && next) return this.#land(this.#column, next.from, next.id);
    const column = this.#column + direction;
    if (column >= 0 && column < this.grid.columns.length) return this.#land(column, this.#minute);
    return this.#overTheEdge(direction);
  }

  async #overTheEdge(direction) {
    this.#column = direction > 0 ? 0 : Number.MAX_SAFE_INTEGER;
    await this.desk.turn(direction);
    this.#land(this.#column, this.#minute);
  }
}
