/** <dra-calendar>: the day of a clinic on one page. */
import { readable } from "../api.js";
import { announce, dataBlock, toast } from "../dom.js";
import { Agenda } from "./agenda.js";
import { CountsBar } from "./counts.js";
import { Store, rangeOf } from "./data.js";
import { Desk } from "./desk.js";
import { findBox } from "./find.js";
import { Grid } from "./grid.js";
import { listenToKeys } from "./keys.js";
import { LiveChip } from "./live.js";
import { Nudge } from "./nudge.js";
import { Panel } from "./panel.js";
import { remember, remembered } from "./preferences.js";
import { Toolbar } from "./toolbar.js";
import { addDays, mondayOf, today, useClinicClock, weekdayText, dayText } from "./zone.js";

const MINUTE_MS = 60_000;
const VIEWS = ["day", "week", "agenda"];

class Calendar extends HTMLElement {
  async connectedCallback() {
    const clinic = dataBlock("calendar-data");
    useClinicClock(clinic.zone, clinic.now);
    this.store = new Store(clinic);
    this.desk = new Desk(this, this.store, clinic);
    this.#readAddress(clinic);
    this.toolbar = new Toolbar(this, clinic);
    this.panel = new Panel(this.desk, this.#part("panel"));
    this.grid = new Grid(this.desk, this.#part("grid"));
    this.agenda = new Agenda(this.desk, this.#part("agenda"));
    this.counts = new CountsBar(this.desk, this.#part("counts"));
    this.nudge = new Nudge(this.desk, this.grid, this.#part("hint"));
    findBox(this.desk, this.#part("find"));
    this.store.addEventListener("change", ({ detail }) => this.#draw(detail.ids));
    this.#listenToKeys();
    await this.#start(clinic);
  }

  async #start(clinic) {
    try {
      await this.grid.start(this.density);
      await this.#load();
      this.live = new LiveChip(this.store, this.#part("live"));
      await this.store.loadCounts();
      if (clinic.open) await this.desk.openById(clinic.open);
    } catch (error) {
      toast(readable(error), "bad");
    }
    setInterval(() => this.#tick(), MINUTE_MS);
    addEventListener("popstate", () => this.#back(clinic));
    this.dataset.ready = "yes";
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  /** What the address says goes before what is remembered. */
  #readAddress(clinic) {
    const query = new URLSearchParams(location.search);
    const known = new Set(clinic.practitioners.map(({ id }) => id));
    const wanted = query.has("practitioner_id") ? query.getAll("practitioner_id") : remembered("doctors", clinic.default_doctors);
    const doctors = wanted?.filter((id) => known.has(id)) ?? null;
    this.doctors = doctors?.length && doctors.length < known.size ? doctors : null;
    this.day = clinic.date;
    this.view = VIEWS.includes(query.get("view")) ? query.get("view") : remembered("view", "day");
    this.density = remembered("density", matchMedia("(pointer: coarse)").matches ? "roomy" : "compact");
    this.dataset.density = this.density;
    this.dataset.view = this.view;
  }

  #back(clinic) {
    const query = new URLSearchParams(location.search);
    this.day = query.get("date") ?? clinic.date;
    this.#load().catch((error) => toast(readable(error), "bad"));
  }

  async #load() {
    this.dataset.loading = "yes";
    this.toolbar.show(this.title);
    try {
      await this.store.show(rangeOf(this.view, this.day, mondayOf(this.day), this.doctors));
    } finally {
      delete this.dataset.loading;
    }
  }

  /** What is looked at, in words. */
  get title() {
    return this.view === "week" ? `Week of ${dayText(mondayOf(this.day))}` : weekdayText(this.day);
  }

  #draw(ids) {
    this.dataset.view = this.view;
    if (this.view === "agenda") this.agenda.update();
    else if (ids === null) this.grid.show(this.view);
    else this.grid.update(ids);
  }

  #tick() {
    this.grid.tick();
    this.store.tick();
    this.store.loadCounts().catch(() => {});
  }

  async #change({ day = this.day, view = this.view, doctors = this.doctors }) {
    Object.assign(this, { day, view, doctors });
    const query = new URLSearchParams({ date: day, view });
    history.replaceState(null, "", `?${query}`);
    try {
      await this.#load();
      announce(this.title);
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  /** Look at a day; a doctor who is filtered out is shown again. */
  async goTo(day, doctorId = null) {
    const hidden = doctorId && this.doctors && !this.doctors.includes(doctorId);
    const inRange = this.store.range && day >= this.store.range.from && day < this.store.range.until;
    if (inRange && !hidden) return;
    await this.#change({ day, doctors: hidden ? [...this.doctors, doctorId] : this.doctors });
  }

  async turn(direction) {
    await this.#change({ day: addDays(this.day, direction * (this.view === "week" ? 7 : 1)) });
  }

  async toToday() {
    await this.#change({ day: today() });
  }

  async look(view) {
    remember("view", view);
    await this.#change({ view });
  }

  async only(doctors) {
    remember("doctors", doctors);
    await this.#change({ doctors });
  }

  setDensity(density) {
    remember("density", density);
    this.density = density;
    this.dataset.density = density;
    this.grid.setDensity(density);
  }

  async withCancelled(shown) {
    this.store.withCancelled = shown;
    await this.#change({});
  }

  get here() {
    return this.view === "agenda" ? null : this.grid.cursor.here;
  }

  /** The appointment a key is meant for: the one in the panel, or the one under the focus. */
  get current() {
    if (this.panel.appointment) return this.panel.appointment;
    const id = document.activeElement?.dataset.id;
    return (id && this.store.get(id)) ?? (this.view === "agenda" ? null : this.grid.cursor.appointment);
  }

  focusOn(id) {
    return this.view === "agenda" ? this.agenda.focusOn(id) : this.grid.focusEvent(id);
  }

  focusGrid() {
    if (this.view !== "agenda") this.grid.cursor.focus();
  }

  #listenToKeys() {
    const { desk } = this;
    listenToKeys({
      n: () => desk.book(desk.here),
      i: () => desk.walkIn(),
      t: () => this.toToday(),
      "[": () => this.turn(-1),
      "]": () => this.turn(1),
      d: () => this.look("day"),
      w: () => this.look("week"),
      a: () => this.look("agenda"),
      m: () => this.current && desk.openMove(this.current),
      z: () => desk.undo.take(),
      g: () => this.focusGrid(),
    });
  }
}

customElements.define("dra-calendar", Calendar);
