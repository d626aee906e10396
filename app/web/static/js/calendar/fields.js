/** The fields of a time with a doctor: visit type, doctor, day, time, length, room. */
import { el, freshId } from "../dom.js";
import { remember, remembered } from "./preferences.js";
import { addMinutes, instantOf, weekdayText } from "./zone.js";

/** A labelled control in the house's way of fields. */
export function field(label, control, { kind = "", hint = null, optional = false } = {}) {
  control.id ||= freshId("field");
  const mark = optional ? el("span", { class: "optional" }, " (optional)") : null;
  const note = hint ? el("p", { class: "hint", id: freshId("hint") }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("div", { class: `field ${kind}` }, el("label", { for: control.id }, label, mark), control, note);
}

/** Fill a select with [{id, name}], keeping the choice where it is still there. */
export function fill(select, choices, { none = null } = {}) {
  const before = select.value;
  const blank = none === null ? [] : [el("option", { value: "" }, none)];
  select.replaceChildren(...blank, ...choices.map(({ id, name }) => el("option", { value: id }, name)));
  if ([...select.options].some(({ value }) => value === before)) select.value = before;
}

/** Events: "change" when something that matters to the time has been chosen. */
export class TimeFields extends EventTarget {
  #lengthIsTyped = false;

  /** with: "type" shows the visit type, which a move does not change. */
  constructor(store, { withType = true } = {}) {
    super();
    this.store = store;
    this.type = el("select", { name: "visit_type_id" });
    this.doctor = el("select", { name: "practitioner_id" });
    this.day = el("input", { type: "date", name: "day", required: true });
    this.time = el("input", { type: "time", name: "time", required: true, step: 300 });
    this.length = el("input", { type: "number", name: "duration_minutes", min: 5, max: 480, step: 5, required: true });
    this.room = el("select", { name: "room_id" });
    this.told = el("output", { class: "cal-told" });
    fill(this.doctor, store.clinic.practitioners);
    fill(this.room, store.clinic.rooms, { none: "No room" });
    const roomField = store.clinic.rooms.length ? field("Room", this.room, { kind: "room", optional: true }) : null;
    this.element = el(
      "div",
      { class: "fields cal-fields" },
      withType ? field("Visit type", this.type, { kind: "half" }) : null,
      field("Doctor", this.doctor, { kind: withType ? "half" : "wide" }),
      field("Day", this.day, { kind: "day" }),
      field("Time", this.time, { kind: "time" }),
      field("Minutes", this.length, { kind: "length" }),
      roomField,
      el("p", { class: "wide cal-told-line" }, this.told),
    );
    this.#listen();
  }

  #listen() {
    this.length.addEventListener("input", () => (this.#lengthIsTyped = true));
    this.doctor.addEventListener("change", () => this.#offerTypes());
    this.type.addEventListener("change", () => this.#typeChosen());
    this.element.addEventListener("change", () => this.#changed());
  }

  /** Start from known facts; whatever is left out keeps what stands there. */
  set({ doctorId, wall, typeId, roomId, minutes }) {
    if (doctorId) this.doctor.value = doctorId;
    this.#offerTypes(typeId);
    if (wall) [this.day.value, this.time.value] = wall.split("T");
    if (roomId !== undefined) this.room.value = roomId ?? "";
    if (minutes) {
      this.length.value = minutes;
      this.#lengthIsTyped = minutes !== this.#usualLength();
    }
    this.#changed();
  }

  /** Take a free time as it was offered. */
  take(slot, wall) {
    this.set({ doctorId: slot.practitioner_id, typeId: slot.visit_type_id, wall });
    if (slot.room_id) this.room.value = slot.room_id;
    this.#changed();
  }

  #usualLength() {
    return this.store.visitTypes.get(this.type.value)?.duration_minutes;
  }

  /** Only what the doctor offers; the last choice of this person first. */
  #offerTypes(wanted) {
    const offered = this.store.visitTypesOf(this.doctor.value);
    fill(this.type, offered);
    const choice = wanted ?? (this.type.dataset.chosen || remembered("visitType"));
    if (offered.some(({ id }) => id === choice)) this.type.value = choice;
    if (!this.#lengthIsTyped) this.length.value = this.#usualLength() ?? 15;
  }

  #typeChosen() {
    this.type.dataset.chosen = this.type.value;
    remember("visitType", this.type.value);
    this.#lengthIsTyped = false;
    this.length.value = this.#usualLength() ?? 15;
  }

  #changed() {
    const { wall } = this;
    const minutes = Number(this.length.value);
    this.told.value = wall ? `${weekdayText(wall.slice(0, 10))}, ${wall.slice(11)}–${addMinutes(wall, minutes).slice(11)}` : "";
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** The wall time chosen, or null while day or time is missing. */
  get wall() {
    const { day, time } = this;
    return day.value && day.validity.valid && time.value ? `${day.value}T${time.value.slice(0, 5)}` : null;
  }

  /** What the API wants to know, or null while something is missing. */
  get value() {
    const minutes = Number(this.length.value);
    if (!this.wall || !this.doctor.value || !(minutes >= 5 && minutes <= 480)) return null;
    return {
      practitioner_id: this.doctor.value,
      visit_type_id: this.type.value,
      starts_at: instantOf(this.wall),
      duration_minutes: minutes,
      room_id: this.room.value || null,
    };
  }
}
