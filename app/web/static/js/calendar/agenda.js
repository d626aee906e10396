/** The same day as a plain table: the way for screen readers, and for whoever likes lists. */
import { el } from "../dom.js";
import { startVisit, step } from "./actions.js";
import { clinicTime, remarkBadges, statusBadge } from "./content.js";
import { nextStep } from "./panel.js";
import { isHold, movesOf, titleOf } from "./statuses.js";
import { dayOf, spanText, weekdayText } from "./zone.js";

const STEP_WORDS = { arrival: "Arrived", rooming: "In room", start: "Start visit", departure: "Check out" };
const HEADS = ["Time", "Patient", "Status", "Visit", "Doctor", "Room", "What to do"];

export class Agenda {
  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
  }

  /** Draw everything anew; the focus stays on the same button of the same appointment. */
  update() {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset : null;
    const key = focused?.id ? `[data-id="${focused.id}"][data-act="${focused.act}"]` : null;
    const { store } = this.desk;
    const days = new Map();
    for (const one of store.appointments) {
      const day = dayOf(one.starts_at);
      days.set(day, [...(days.get(day) ?? []), one]);
    }
    const day = store.range?.from;
    if (!days.size && day) days.set(day, []);
    this.element.replaceChildren(...[...days].map(([each, appointments]) => this.#table(each, appointments)));
    if (key) (this.element.querySelector(key) ?? this.element.querySelector(`[data-id="${focused.id}"]`))?.focus();
  }

  focusOn(id) {
    const found = this.element.querySelector(`[data-id="${id}"][data-act="open"]`);
    found?.focus();
    return Boolean(found);
  }

  #table(day, appointments) {
    const count = appointments.filter((one) => !isHold(one)).length;
    const caption = el("caption", {}, weekdayText(day), el("span", { class: "muted" }, ` ${count} appointment${count === 1 ? "" : "s"}`));
    if (!appointments.length) return el("div", { class: "card" }, el("p", { class: "empty" }, el("strong", {}, weekdayText(day)), "Nothing is booked for these doctors on this day."));
    return el(
      "div",
      { class: "card table-scroll" },
      el(
        "table",
        { class: "cal-agenda" },
        caption,
        el("thead", {}, el("tr", {}, HEADS.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, appointments.map((one) => this.#row(one))),
      ),
    );
  }

  #row(one) {
    const isMine = one.id === this.desk.store.ownHoldId;
    const open = el("button", { class: "cal-link", type: "button", "data-id": one.id, "data-act": "open", onclick: () => this.desk.open(one) }, titleOf(one, isMine));
    return el(
      "tr",
      { class: `is-${one.status} color-${one.color}` },
      el("td", { class: "cal-when" }, clinicTime(one.starts_at, spanText(one.starts_at, one.ends_at))),
      el("th", { scope: "row" }, open, one.patient_mrn ? el("span", { class: "muted" }, one.patient_mrn) : null),
      el("td", {}, el("span", { class: "cal-states" }, statusBadge(one), remarkBadges(one))),
      el("td", {}, el("span", { class: "cal-type" }, one.visit_type_name)),
      el("td", {}, one.practitioner_name),
      el("td", {}, one.room_name ?? ""),
      el("td", {}, el("span", { class: "cal-row-acts" }, this.#acts(one))),
    );
  }

  #acts(one) {
    const { desk } = this;
    if (!desk.may.book || isHold(one)) return [];
    const acts = [];
    const whom = el("span", { class: "visually-hidden" }, ` ${titleOf(one)}`);
    const add = (act, text, press) => acts.push(el("button", { class: "button small", type: "button", "data-id": one.id, "data-act": act, onclick: press }, text, whom.cloneNode(true)));
    const next = nextStep(one, desk.may);
    const own = one.practitioner_id === desk.me;
    const moves = movesOf(one);
    if (next === "start" && own) add("step", STEP_WORDS.start, () => startVisit(one));
    else if (next && next !== "start" && moves.has(next)) {
      add("step", STEP_WORDS[next], () => step(desk, one, next, next === "rooming" ? {} : undefined));
    }
    if (moves.has("reschedule")) add("move", "Move…", () => desk.openMove(one));
    return acts;
  }
}
