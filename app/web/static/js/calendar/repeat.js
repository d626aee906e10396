/** How often a visit repeats: a small builder of RRULEs, and what each occurrence would meet. */
import { el } from "../dom.js";
import { obstacleText } from "./conflicts.js";
import { field } from "./fields.js";
import { momentText, weekdayOf } from "./zone.js";

const RULES = {
  weekly: { label: "Every week", rule: "FREQ=WEEKLY" },
  fortnightly: { label: "Every 2 weeks", rule: "FREQ=WEEKLY;INTERVAL=2" },
  "four-weekly": { label: "Every 4 weeks", rule: "FREQ=WEEKLY;INTERVAL=4" },
  monthly: { label: "Every month, same date", rule: "FREQ=MONTHLY" },
  "monthly-weekday": { label: "Every month, same weekday", rule: null },
};
const CODES = ["", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const LAST_OF_MONTH = 5;

/** "2026-03-09" is the second Monday: BYDAY=2MO; a fifth one is the last. */
function byWeekday(day) {
  const nth = Math.ceil(Number(day.slice(8, 10)) / 7);
  return `FREQ=MONTHLY;BYDAY=${nth === LAST_OF_MONTH ? -1 : nth}${CODES[weekdayOf(day)]}`;
}

/** Events: "change" when the rule is another one, "preview" when its occurrences are asked for. */
export class Repeat extends EventTarget {
  constructor(store) {
    super();
    this.store = store;
    this.how = el(
      "select",
      { name: "repeat" },
      el("option", { value: "" }, "Does not repeat"),
      Object.entries(RULES).map(([value, { label }]) => el("option", { value }, label)),
    );
    this.count = el("input", { type: "number", min: 2, max: 52, value: 6, name: "count" });
    this.onConflict = el(
      "select",
      { name: "on_conflict" },
      el("option", { value: "skip" }, "Leave those out"),
      el("option", { value: "refuse" }, "Book none"),
    );
    this.more = el(
      "div",
      { class: "fields", hidden: true },
      field("Times in all", this.count),
      field("If some cannot be booked", this.onConflict),
    );
    this.outcome = el("div", { class: "cal-occurrences", role: "status" });
    this.element = el("div", { class: "stack-tight" }, field("Repeat", this.how), this.more, this.outcome);
    this.element.addEventListener("change", () => this.#changed());
  }

  /** The rule for a first day, or null when the visit does not repeat. */
  ruleFrom(day) {
    if (!this.how.value) return null;
    const count = Math.min(52, Math.max(2, Math.round(Number(this.count.value) || 2)));
    return `${RULES[this.how.value].rule ?? byWeekday(day)};COUNT=${count}`;
  }

  #changed() {
    this.more.hidden = !this.how.value;
    this.outcome.replaceChildren();
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** What each occurrence meets; `proposal` is what was asked for. */
  show(occurrences, proposal) {
    const blocked = occurrences.filter(({ conflicts }) => conflicts.length);
    const head = blocked.length
      ? `${occurrences.length - blocked.length} of ${occurrences.length} can be booked`
      : `All ${occurrences.length} can be booked`;
    this.outcome.replaceChildren(
      el("p", { class: blocked.length ? "cal-some" : "cal-all" }, el("strong", {}, head)),
      el("ol", {}, occurrences.map((one) => this.#row(one, proposal))),
    );
  }

  #row(occurrence, proposal) {
    const free = !occurrence.conflicts.length;
    const why = occurrence.conflicts.map((one) => obstacleText(one, this.store, proposal)).join(" ");
    return el(
      "li",
      { class: free ? "free" : "blocked" },
      el("span", {}, free ? "✓ " : "✕ ", momentText(occurrence.starts_at)),
      free ? null : el("span", { class: "muted" }, ` ${why}`),
    );
  }

  /** In words, for the question before booking. */
  get text() {
    return this.how.selectedOptions[0]?.textContent.toLowerCase() ?? "";
  }
}
