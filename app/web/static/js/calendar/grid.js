/** The drawn calendar: a column per doctor, or per day and doctor. Shows the store; changes go to the desk. */
import { faceOf } from "./content.js";
import { Cursor } from "./cursor.js";
import { mendRoles } from "./grid-roles.js";
import {
  closedEvents,
  draggedTo,
  eventOf,
  fixedOptions,
  limitsOf,
  loadEventCalendar,
  stepOf,
  viewOptions,
} from "./grid-options.js";
import { addDays, dayOf, instantOf, minuteOf, now, today, weekdayOf, wallOf } from "./zone.js";

const WEEKEND = 6;

export class Grid {
  #calendar = null;
  #drawn = new Map();
  #options = {};
  #proposal = null;

  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    this.days = [];
    this.limits = { min: 0, max: 0 };
    this.cursor = new Cursor(desk, this);
    this.refocus = null;
  }

  /** Load the library and draw nothing yet. */
  async start(density) {
    this.density = density;
    const library = await loadEventCalendar();
    const handlers = {
      mayBook: this.desk.may.book,
      mounted: (info) => this.#mounted(info),
      opened: ({ event }) => this.desk.open(this.desk.store.get(event.id)),
      slotClicked: this.desk.may.book ? (info) => this.#slotClicked(info) : undefined,
      dropped: (info) => this.#dragged(info),
      resized: (info) => this.#resized(info),
    };
    this.#calendar = library.create(this.element, { ...fixedOptions(handlers), resources: [], date: today(), view: "resourceTimeGridDay" });
    mendRoles(this.element, "Calendar. The arrow keys move through times and appointments; Agenda shows the same as a table.");
  }

  /** The columns from left to right. */
  get columns() {
    const doctors = this.desk.store.doctorsShown;
    const column = (doctor, day) => ({ doctorId: doctor.id, name: doctor.name, day });
    if (this.view === "week" && doctors.length > 1) return this.days.flatMap((day) => doctors.map((doctor) => column(doctor, day)));
    return doctors.flatMap((doctor) => this.days.map((day) => column(doctor, day)));
  }

  get step() {
    return stepOf(this.desk.store.doctorsShown);
  }

  /** Pixels from the top of the grid for a minute of the day. */
  topOf(minute) {
    const { slotDuration, slotHeight } = this.#options;
    return ((minute - this.limits.min) / slotDuration.minutes) * slotHeight;
  }

  /** Draw what is loaded now; the focus stays where it was. Resolves once it is drawn. */
  async show(view) {
    const { store } = this.desk;
    const { from, until } = store.range;
    const hadFocus = this.element.contains(document.activeElement);
    this.view = view;
    this.days = daysWorthShowing(store, from, until);
    this.limits = limitsOf(store, this.days);
    const { days, density, limits } = this;
    const frame = JSON.stringify([view, days, density, limits, store.doctorsShown.map(({ id }) => id)]);
    if (frame === this.frame) this.#syncAll();
    else this.#frameAnew(frame, hiddenDays(from, until, days));
    await drawn();
    this.cursor.reset();
    if (hadFocus && !this.element.contains(document.activeElement)) this.cursor.focus();
  }

  /** Draw the appointments that changed. */
  async update(ids) {
    if (!this.#calendar || !this.view) return;
    const limits = limitsOf(this.desk.store, this.days);
    if (limits.min !== this.limits.min || limits.max !== this.limits.max) await this.show(this.view);
    else {
      for (const id of ids) this.#sync(id);
      await drawn();
      this.cursor.place();
    }
  }

  /** Another view or range: everything is placed anew. */
  #frameAnew(frame, hidden) {
    const { view, days, density, limits } = this;
    this.frame = frame;
    this.#set({
      ...viewOptions({ store: this.desk.store, view, days, density, limits, scrollMinute: this.#scrollMinute() }),
      hiddenDays: hidden,
    });
    this.#drawn.clear();
    const events = this.#everything();
    for (const event of events) this.#drawn.set(event.id, lookOf(event));
    this.#calendar.setOption("events", events);
  }

  setDensity(density) {
    this.density = density;
    if (this.view) this.show(this.view);
  }

  /** The clocks may have changed, or midnight passed. */
  tick() {
    this.#set({ timeZone: fixedOptions({}).timeZone });
  }

  /** Show an appointment where it would come to lie, until it is drawn again as it is. */
  propose(appointment, wanted) {
    this.refocus = appointment.id;
    this.#proposal = wanted;
    this.#draw(this.#event(appointment));
  }

  elementOf(id) {
    return this.element.querySelector(`.ec-event[data-id="${id}"]`);
  }

  focusEvent(id) {
    const found = this.elementOf(id);
    if (found) this.cursor.goTo(this.desk.store.get(id));
    return Boolean(found);
  }

  #set(options) {
    for (const [name, value] of Object.entries(options)) {
      if (JSON.stringify(value) === JSON.stringify(this.#options[name])) continue;
      this.#options[name] = value;
      this.#calendar.setOption(name, value);
    }
  }

  #scrollMinute() {
    const isToday = this.days.includes(today());
    const wanted = isToday ? minuteOf(wallOf(now())) - 60 : this.#firstOpen();
    return Math.max(this.limits.min, wanted);
  }

  #firstOpen() {
    const { store } = this.desk;
    const starts = this.columns.flatMap(({ doctorId, day }) =>
      store.openingOf(doctorId, day).spans.filter(({ starts_at: at }) => dayOf(at) === day).map(({ starts_at: at }) => minuteOf(wallOf(at))),
    );
    return starts.length ? Math.min(...starts) - 30 : 8 * 60;
  }

  #sync(id) {
    const one = this.desk.store.appointments.find((each) => each.id === id);
    if (one) this.#draw(this.#event(one));
    else if (this.#drawn.delete(id)) this.#calendar.removeEventById(id);
  }

  /** The same frame with newer facts: only what differs is touched. */
  #syncAll() {
    const events = this.#everything();
    const kept = new Set(events.map(({ id }) => id));
    for (const id of [...this.#drawn.keys()]) {
      if (!kept.has(id) && this.#drawn.delete(id)) this.#calendar.removeEventById(id);
    }
    for (const event of events) this.#draw(event);
  }

  /** All of it as the library wants it. */
  #everything() {
    const { store } = this.desk;
    const closed = this.columns.flatMap(({ doctorId, day }) => closedEvents(store, doctorId, day));
    return [...closed, ...store.appointments.map((one) => this.#event(one))];
  }

  #event(appointment) {
    const isMine = appointment.id === this.desk.store.ownHoldId;
    const proposed = this.#proposal?.id === appointment.id ? this.#proposal : null;
    const face = faceOf(proposed ?? appointment, isMine);
    return eventOf(appointment, face, { isMine, editable: this.desk.may.book, proposed });
  }

  /** Only what looks different is drawn again, so that nothing jumps under a pointer or loses the focus. */
  #draw(event, { force = false } = {}) {
    const look = lookOf(event);
    const before = this.#drawn.get(event.id);
    if (before === look && !force) return;
    this.#drawn.set(event.id, look);
    if (before === undefined) {
      this.#calendar.addEvent(event);
      return;
    }
    if (document.activeElement?.dataset.id === event.id) this.refocus = event.id;
    this.#calendar.updateEvent(event);
  }

  /** Back to what the store says, after a drag that was refused or a proposal that was dropped. */
  redraw(appointment) {
    this.#proposal = null;
    this.#draw(this.#event(this.desk.store.get(appointment.id) ?? appointment), { force: true });
  }

  #mounted({ el, event }) {
    const { appointment, face } = event.extendedProps;
    if (event.display === "background" || !appointment) {
      el.setAttribute("role", "none");
      return;
    }
    if (event.display !== "auto") return;
    el.dataset.id = appointment.id;
    el.title = face.sentence;
    el.tabIndex = this.cursor.isOn(appointment.id) ? 0 : -1;
    if (this.refocus !== appointment.id) return;
    this.refocus = null;
    el.focus({ preventScroll: true });
  }

  #slotClicked({ dateStr, resource }) {
    this.desk.book({ doctorId: resource?.id, wall: dateStr.slice(0, 16) });
  }

  async #dragged(info) {
    const appointment = this.desk.store.get(info.event.id);
    if (appointment) await this.desk.drag(appointment, draggedTo(appointment, info));
  }

  async #resized({ event, endDelta }) {
    const appointment = this.desk.store.get(event.id);
    if (!appointment) return;
    const minutes = appointment.duration_minutes + endDelta.days * 1440 + endDelta.seconds / 60;
    const ends = instantOf(wallOf(new Date(appointment.starts_at).getTime() + minutes * 60_000));
    await this.desk.drag(appointment, { ...appointment, duration_minutes: minutes, ends_at: ends });
  }
}

/** What an event looks like, to see whether it has to be drawn again. */
const lookOf = (event) => JSON.stringify({ ...event, extendedProps: event.extendedProps.face ?? event.extendedProps });

/** The library draws a moment after it is told to. */
const drawn = () => new Promise((resolve) => setTimeout(resolve));

/** Every day of the range, weekends only when somebody works or is booked then. */
function daysWorthShowing(store, from, until) {
  const days = [];
  for (let day = from; day < until; day = addDays(day, 1)) days.push(day);
  if (days.length === 1) return days;
  const worked = new Set(store.appointments.map(({ starts_at: at }) => dayOf(at)));
  const open = (day) => store.doctorsShown.some(({ id }) => store.openingOf(id, day).spans.length);
  return days.filter((day) => weekdayOf(day) < WEEKEND || worked.has(day) || open(day));
}

/** The weekdays left out, as the library counts them: Sunday is 0. */
function hiddenDays(from, until, shown) {
  const hidden = [];
  for (let day = from; day < until; day = addDays(day, 1)) if (!shown.includes(day)) hidden.push(weekdayOf(day) % 7);
  return hidden;
}
