/** "Next free": the soonest times with a doctor, a specialty or anyone, with what suits the patient. */
import { api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";
import { slotButton } from "./conflicts.js";
import { field } from "./fields.js";
import { today, weekdayName } from "./zone.js";

const SHOWN = 8;
const SETTLED_MS = 200;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Events: "pick" (detail: the slot). `wanted()` gives the proposal of the fields beside it. */
export class NextFree extends EventTarget {
  #timer = null;
  #asking = null;

  constructor(store, wanted) {
    super();
    this.store = store;
    this.wanted = wanted;
    const specialties = [...new Set(store.clinic.practitioners.map(({ specialty }) => specialty).filter(Boolean))].sort();
    this.who = el(
      "select",
      {},
      el("option", { value: "doctor" }, "This doctor"),
      specialties.map((name) => el("option", { value: `specialty:${name}` }, name)),
      el("option", { value: "anyone" }, "Anyone"),
    );
    this.part = el(
      "select",
      {},
      el("option", { value: "" }, "Any time"),
      el("option", { value: "morning" }, "Morning"),
      el("option", { value: "afternoon" }, "Afternoon"),
    );
    this.from = el("input", { type: "date", value: today(), min: today() });
    this.days = WEEKDAYS.map((day) => this.#dayBox(day));
    this.list = el("div", { class: "cal-slots" });
    this.note = el("p", { class: "hint", role: "status" });
    this.element = this.#build();
    this.element.addEventListener("change", () => this.askSoon());
  }

  #dayBox(day) {
    const id = freshId("weekday");
    const box = el("input", { type: "checkbox", id, value: day });
    const label = el("label", { class: "cal-weekday", for: id }, box, el("span", { "aria-hidden": "true" }, weekdayName(day).slice(0, 2)), el("span", { class: "visually-hidden" }, weekdayName(day)));
    return { box, label };
  }

  #build() {
    const headingId = freshId("next-free");
    return el(
      "section",
      { class: "cal-next stack-tight", "aria-labelledby": headingId },
      el("h3", { id: headingId }, "Next free"),
      el("div", { class: "cal-next-filters" }, field("With", this.who), field("When", this.part), field("From", this.from)),
      el("fieldset", { class: "cal-weekdays" }, el("legend", {}, "Days that suit (none: any)"), this.days.map(({ label }) => label)),
      this.list,
      this.note,
    );
  }

  /** Ask again shortly, because what is wanted has changed. */
  askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED_MS);
  }

  #query() {
    const wanted = this.wanted();
    if (!wanted?.visit_type_id) return null;
    const query = new URLSearchParams({ visit_type_id: wanted.visit_type_id, from: this.from.value || today(), limit: SHOWN });
    const [kind, specialty] = this.who.value.split(/:(.*)/s);
    if (kind === "doctor" && wanted.practitioner_id) query.set("practitioner_id", wanted.practitioner_id);
    if (kind === "specialty") query.set("specialty", specialty);
    if (wanted.ignoring) query.set("ignoring", wanted.ignoring);
    if (wanted.duration_minutes) query.set("duration_minutes", wanted.duration_minutes);
    if (wanted.patient_id) query.set("patient_id", wanted.patient_id);
    if (wanted.room_id) query.set("room_id", wanted.room_id);
    if (this.part.value) query.set("part_of_day", this.part.value);
    for (const { box } of this.days) if (box.checked) query.append("weekday", box.value);
    return query;
  }

  async #ask() {
    const query = this.#query();
    if (!query) return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const { items } = await api("GET", `/slots?${query}`, { signal: this.#asking.signal });
      this.#show(items);
    } catch (error) {
      if (error.name !== "AbortError") this.note.textContent = readable(error);
    }
  }

  #show(slots) {
    const pick = (slot) => {
      announce("Time taken over");
      this.dispatchEvent(new CustomEvent("pick", { detail: slot }));
    };
    const withDoctor = this.who.value !== "doctor";
    this.list.replaceChildren(...slots.map((slot) => slotButton(slot, this.store, pick, { withDoctor })));
    this.note.textContent = slots.length ? "" : "Nothing free like this in the coming months.";
  }
}
