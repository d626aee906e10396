/** One appointment beside the calendar: who, when, what happened, and what can be done now. */
import { api, readable } from "../api.js";
import { announce, el, toast } from "../dom.js";
import { startVisit, step } from "./actions.js";
import { openCancel } from "./cancel.js";
import { clinicTime, remarkBadges, sign, statusBadge } from "./content.js";
import { historyList } from "./history.js";
import { detailsOf } from "./patient-picker.js";
import { isHold, movesOf, titleOf } from "./statuses.js";
import { minutesBetween, minutesText, momentText, spanText, weekdayText, dayOf } from "./zone.js";

const STARTABLE = new Set(["booked", "arrived", "in-room"]);
const OVER = new Set(["finished", "checked-out", "noshow", "cancelled"]);

/** The panel at the side; one at a time, drawn anew when its appointment changes. */
export class Panel {
  #appointment = null;
  #patient = null;
  #before = null;

  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    element.addEventListener("keydown", (event) => this.#onKey(event));
    desk.store.addEventListener("change", ({ detail }) => this.#changed(detail.ids));
  }

  get appointment() {
    return this.element.open ? this.#appointment : null;
  }

  /** Show an appointment; the focus goes into the panel. */
  async open(appointment) {
    this.#before = document.activeElement;
    this.#appointment = appointment;
    this.#patient = null;
    if (!this.element.open) this.element.show();
    this.#draw();
    this.element.querySelector("h2").focus();
    announce(titleOf(appointment));
    await Promise.all([this.#loadAll(), this.#loadPatient(), this.#loadHistory()]);
  }

  close() {
    if (!this.element.open) return;
    const { id } = this.#appointment;
    this.element.close();
    this.#appointment = null;
    this.desk.focusOn(id, this.#before);
  }

  #onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  #changed(ids) {
    const { appointment } = this;
    if (!appointment || (ids && !ids.includes(appointment.id))) return;
    const newest = this.desk.store.get(appointment.id);
    if (!newest) return;
    const isNew = newest.version !== appointment.version;
    this.#appointment = newest;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.#draw();
    if (focused !== null) (this.element.querySelector(`[data-act="${focused}"]`) ?? this.element.querySelector("h2")).focus();
    if (isNew) this.#loadHistory();
  }

  /** The calendar draws cards; here is everything that is known. */
  async #loadAll() {
    const { id } = this.#appointment;
    try {
      this.desk.store.apply(await api("GET", `/appointments/${id}`));
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  async #loadPatient() {
    const { patient_id: id } = this.#appointment;
    if (!id) return;
    try {
      const patient = await api("GET", `/patients/${id}`);
      if (this.appointment?.patient_id !== id) return;
      this.#patient = patient;
      this.#drawPatient();
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  async #loadHistory() {
    const { id } = this.#appointment;
    try {
      const { items } = await api("GET", `/appointments/${id}/history`);
      if (this.appointment?.id === id) this.element.querySelector("[data-history]")?.replaceChildren(historyList(items));
    } catch {
      /* the rest of the panel is of use without it */
    }
  }

  #drawPatient() {
    const place = this.element.querySelector("[data-patient]");
    const patient = this.#patient;
    if (!place || !patient) return;
    const [born, phone, mrn] = detailsOf(patient);
    place.replaceChildren(
      el("p", {}, `${born} · ${mrn}`),
      el("p", {}, sign("phone"), " ", patient.phone ? el("a", { href: `tel:${patient.phone.replace(/[^+\d]/g, "")}` }, phone) : phone),
    );
  }

  #draw() {
    const appointment = this.#appointment;
    const name = titleOf(appointment, appointment.id === this.desk.store.ownHoldId);
    const link = appointment.patient_id ? el("a", { href: `/patients/${appointment.patient_id}` }, name) : name;
    const history = this.element.querySelector("[data-history]") ?? el("div", { "data-history": true });
    this.element.replaceChildren(
      el(
        "header",
        { class: "cal-panel-head" },
        el("h2", { tabindex: "-1", id: "panel-title" }, link),
        el("button", { class: "button icon", type: "button", "aria-label": "Close", "data-act": "close", onclick: () => this.close() }, sign("close")),
      ),
      el("div", { class: "cal-panel-body stack" }, this.#facts(), this.#actions(), el("details", { class: "cal-history" }, el("summary", {}, "What happened"), history)),
    );
    this.#drawPatient();
  }

  #facts() {
    const one = this.#appointment;
    const waited = one.arrived_at && one.seen_at ? minutesText(minutesBetween(one.arrived_at, one.seen_at)) : null;
    const rows = [
      ["When", [weekdayText(dayOf(one.starts_at)), ", ", clinicTime(one.starts_at, spanText(one.starts_at, one.ends_at))]],
      ["Doctor", one.practitioner_name],
      ["Visit type", one.visit_type_name],
      ["Room", one.room_name],
      ["Reason", one.reason],
      ["Overbooked", one.override_reason],
      ["Cancelled", one.cancellation_reason && `${one.cancellation_reason} (by the ${one.cancelled_by})`],
      ["Waited", waited],
      ["Held until", isHold(one) && one.expires_at ? momentText(one.expires_at) : null],
      ["Booked by", one.booked_by_name],
    ].filter(([, value]) => value);
    return el(
      "div",
      { class: "stack-tight" },
      el("div", { class: "row" }, statusBadge(one), remarkBadges(one), one.series_id ? el("span", { class: "cal-remark" }, sign("repeat"), "repeats") : null),
      el("div", { class: "cal-patient", "data-patient": true }),
      el("dl", { class: "facts" }, rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    );
  }

  #actions() {
    const { desk } = this;
    const one = this.#appointment;
    const { may } = desk;
    if (!may.book || isHold(one)) return null;
    const can = one.moves_allowed ? new Set(one.moves_allowed) : movesOf(one);
    const buttons = [];
    const add = (act, text, press, kind = "") => buttons.push(el("button", { class: `button ${kind}`, type: "button", "data-act": act, onclick: press }, text));
    const primary = nextStep(one, may);
    const kindOf = (act) => (act === primary ? "primary" : "");
    if (can.has("arrival")) add("arrival", "Arrived", () => step(desk, one, "arrival"), kindOf("arrival"));
    if (can.has("rooming")) add("rooming", "In room", () => step(desk, one, "rooming", {}), kindOf("rooming"));
    if (may.start && STARTABLE.has(one.status) && one.practitioner_id === desk.me) add("start", "Start visit", () => startVisit(one), kindOf("start"));
    if (can.has("departure")) add("departure", "Check out", () => step(desk, one, "departure"), kindOf("departure"));
    if (can.has("no-show")) add("no-show", "No-show", () => step(desk, one, "no-show"));
    if (can.has("reschedule")) add("reschedule", "Move…", () => desk.openMove(one));
    if (can.has("cancellation")) add("cancellation", "Cancel…", () => openCancel(desk, one), "danger");
    if (one.undoable) add("undo", "Undo", () => desk.undo.take(one.id));
    if (OVER.has(one.status)) add("again", "Book again", () => desk.bookAgain(one, this.#patient));
    return el("div", { class: "cal-acts", role: "group", "aria-label": "What to do" }, buttons);
  }
}

/** The step most likely wanted next, by state and by who asks. */
export function nextStep(appointment, may) {
  switch (appointment.status) {
    case "booked":
      return "arrival";
    case "arrived":
      return may.start ? "start" : "rooming";
    case "in-room":
      return may.start ? "start" : null;
    case "finished":
      return "departure";
    default:
      return null;
  }
}
