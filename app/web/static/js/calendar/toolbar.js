/** The controls above the calendar: which day, which view, whose columns, how dense. */
import { el, freshId } from "../dom.js";
import { STATUSES } from "./statuses.js";
import { sign } from "./content.js";
import { clinicZone } from "./zone.js";

const LEGEND = ["booked", "arrived", "in-room", "with-doctor", "finished", "checked-out", "noshow", "pending"];
const REMARKS = [
  ["late", "late"],
  ["clock", "waiting since"],
  ["over", "overbooked"],
  ["walk-in", "walk-in"],
  ["repeat", "repeats"],
];

export class Toolbar {
  constructor(page, clinic) {
    this.page = page;
    this.clinic = clinic;
    this.title = page.querySelector("[data-title]");
    this.date = page.querySelector("[data-date]");
    this.print = page.querySelector("[data-print]");
    this.month = page.querySelector("[data-month]");
    this.#buttons();
    this.#doctors(page.querySelector("[data-doctors]"));
    this.#legend(page.querySelector("[data-legend]"));
    for (const menu of page.querySelectorAll("details.cal-menu")) closeWhenLeft(menu);
  }

  #buttons() {
    const { page } = this;
    const press = (name, act) => page.querySelector(`[data-do="${name}"]`)?.addEventListener("click", act);
    press("earlier", () => page.turn(-1));
    press("later", () => page.turn(1));
    press("today", () => page.toToday());
    press("new", () => page.desk.book(page.desk.here));
    press("walk-in", () => page.desk.walkIn());
    press("density", () => this.#toggleDensity());
    page.querySelector("[data-cancelled]").addEventListener("change", ({ target }) => page.withCancelled(target.checked));
    for (const button of page.querySelectorAll("[data-view-to]")) button.addEventListener("click", () => page.look(button.dataset.viewTo));
    this.date.addEventListener("change", () => this.date.value && this.date.validity.valid && page.goTo(this.date.value));
    this.#showDensity();
  }

  #toggleDensity() {
    this.page.setDensity(this.page.density === "compact" ? "roomy" : "compact");
    this.#showDensity();
  }

  #showDensity() {
    this.page.querySelector('[data-do="density"]').setAttribute("aria-pressed", String(this.page.density === "compact"));
  }

  /** Say what is shown. */
  show(title) {
    const { page } = this;
    this.title.textContent = title;
    document.title = `${title} · Calendar · Dr. Assistant`;
    this.date.value = page.day;
    for (const button of page.querySelectorAll("[data-view-to]")) button.setAttribute("aria-pressed", String(button.dataset.viewTo === page.view));
    const query = new URLSearchParams({ date: page.day });
    for (const id of page.doctors ?? []) query.append("practitioner_id", id);
    this.print.href = `/calendar/print?${query}`;
    if (this.month) this.month.href = `/calendar/month?month=${page.day.slice(0, 7)}`;
    this.#showDoctors();
  }

  #doctors(menu) {
    this.boxes = this.clinic.practitioners.map(({ id, name, specialty }) => {
      const boxId = freshId("doctor");
      const box = el("input", { type: "checkbox", id: boxId, value: id });
      const row = el("label", { class: "choice", for: boxId }, box, name, specialty ? el("span", { class: "muted" }, specialty) : null);
      return { box, row };
    });
    const all = el("button", { class: "button small", type: "button", onclick: () => this.page.only(null) }, "All doctors");
    const mine = this.clinic.practitioners.some(({ id }) => id === this.clinic.me)
      ? el("button", { class: "button small", type: "button", onclick: () => this.page.only([this.clinic.me]) }, "Only me")
      : null;
    menu.replaceChildren(el("div", { class: "row" }, all, mine), el("fieldset", {}, el("legend", { class: "visually-hidden" }, "Doctors shown"), this.boxes.map(({ row }) => row)));
    menu.addEventListener("change", () => this.#choose());
  }

  #choose() {
    const chosen = this.boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
    this.page.only(chosen.length && chosen.length < this.boxes.length ? chosen : null);
  }

  #showDoctors() {
    const { doctors } = this.page;
    for (const { box } of this.boxes) box.checked = !doctors || doctors.includes(box.value);
    const one = doctors?.length === 1 ? this.clinic.practitioners.find(({ id }) => id === doctors[0])?.name : null;
    this.page.querySelector("[data-doctors-word]").textContent = doctors ? (one ?? `${doctors.length} doctors`) : "All doctors";
  }

  #legend(place) {
    const states = LEGEND.map((status) => {
      const { word, icon } = STATUSES[status];
      return el("li", { class: `cal-status ${status}` }, sign(icon), word);
    });
    const remarks = REMARKS.map(([icon, word]) => el("li", {}, sign(icon), word));
    const types = this.clinic.visit_types.map(({ name, color }) => el("li", { class: `cal-swatch color-${color}` }, name));
    place.replaceChildren(
      el("h3", {}, "Where somebody is"),
      el("ul", {}, states),
      el("h3", {}, "Also marked"),
      el("ul", {}, remarks),
      el("h3", {}, "Visit types"),
      el("ul", {}, types),
      el("p", { class: "hint" }, `All times are those of the clinic (${clinicZone()}). Striped: nobody works then.`),
    );
  }
}

/** A menu closes with Escape, and when one goes elsewhere. */
function closeWhenLeft(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
}
