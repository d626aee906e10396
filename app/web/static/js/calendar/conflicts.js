/** Everything in the way, in plain words, with the nearest free times as buttons. */
import { el, freshId } from "../dom.js";
import { dayOf, dayText, momentText, spanWords } from "./zone.js";

/** One obstacle as a sentence. Names come from the page's own lists, never from the answer. */
export function obstacleText(obstacle, store, proposal) {
  const span = spanWords(obstacle.starts_at, obstacle.ends_at);
  const doctor = store.nameOfDoctor(obstacle.practitioner_id ?? proposal.practitioner_id);
  const known = store.get(obstacle.appointment_id);
  const holder = known?.held_by_name ? ` by ${known.held_by_name}` : "";
  switch (obstacle.kind) {
    case "practitioner":
      return obstacle.held ? `${doctor} is held${holder}, ${span}.` : `${doctor} is taken, ${span}.`;
    case "patient":
      return obstacle.held
        ? `A time is held for the patient, ${span} with ${doctor}.`
        : `The patient is with ${doctor} then, ${span}.`;
    case "room": {
      const room = store.rooms.get(obstacle.room_id ?? proposal.room_id)?.name ?? "The room";
      return obstacle.held ? `${room} is held${holder}, ${span}.` : `${room} is taken, ${span}.`;
    }
    case "outside-hours":
      return `${doctor} does not work ${span}.`;
    case "closed-day":
      return `The clinic is closed on ${dayText(dayOf(obstacle.starts_at))}.`;
    case "not-offered":
      return `${doctor} does not offer ${store.visitTypes.get(proposal.visit_type_id)?.name ?? "this visit type"}.`;
    case "in-the-past":
      return "This time is over.";
    default:
      return `Something is in the way, ${span}.`;
  }
}

/** A free time as a button. */
export function slotButton(slot, store, onPick, { withDoctor = true } = {}) {
  const doctor = withDoctor ? el("span", { class: "cal-slot-doctor" }, store.nameOfDoctor(slot.practitioner_id)) : null;
  const room = slot.room_id ? el("span", { class: "cal-slot-room" }, store.rooms.get(slot.room_id)?.name ?? "") : null;
  return el(
    "button",
    { class: "button small cal-slot", type: "button", onclick: () => onPick(slot) },
    el("strong", {}, momentText(slot.starts_at)),
    doctor,
    room,
  );
}

/** The part of a dialog that says what is in the way. Empty while nothing is. */
export class ConflictPanel {
  /** onPick(slot) takes an alternative, onOverride(reason) books all the same; null: not possible here. */
  constructor(store, { onPick, onOverride, verb = "Book" }) {
    this.store = store;
    this.onPick = onPick;
    this.onOverride = onOverride;
    this.verb = verb;
    this.element = el("section", { class: "notice bad cal-conflicts", role: "alert", hidden: true });
  }

  clear() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** answer: {conflicts, alternatives, overridable} of the server. */
  show(answer, proposal) {
    const reason = this.reason;
    const { store } = this;
    const sentences = [...new Set(answer.conflicts.map((one) => obstacleText(one, store, proposal)))];
    this.element.replaceChildren(
      el("h3", {}, sentences.length > 1 ? `${sentences.length} things are in the way` : "This is in the way"),
      el("ul", { class: "cal-obstacles" }, sentences.map((text) => el("li", {}, text))),
      this.#alternatives(answer.alternatives),
      answer.overridable && this.onOverride ? this.#override(reason) : null,
    );
    this.element.hidden = false;
  }

  get reason() {
    return this.element.querySelector("[data-override]")?.value ?? "";
  }

  #alternatives(slots) {
    if (!slots.length) return el("p", {}, "No free time was found near it.");
    return el(
      "div",
      { class: "stack-tight" },
      el("h4", {}, "Nearest free times"),
      el("div", { class: "cal-slots" }, slots.map((slot) => slotButton(slot, this.store, this.onPick))),
    );
  }

  #override(reason) {
    const id = freshId("override");
    const why = el("input", { id, maxlength: 500, autocomplete: "off", "data-override": true });
    why.value = reason;
    const go = () => (why.value.trim() ? this.onOverride(why.value.trim()) : why.focus());
    why.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      go();
    });
    return el(
      "div",
      { class: "field cal-override" },
      el("label", { for: id }, `Or ${this.verb.toLowerCase()} all the same, because`),
      el("div", { class: "row" }, why, el("button", { class: "button small", type: "button", onclick: go }, `${this.verb} anyway`)),
    );
  }
}
