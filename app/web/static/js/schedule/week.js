/** <dra-week name="spans">: the hours of seven weekdays, a part of a <dra-form>. */
import "./week-picture.js";
import { announce } from "../dom.js";
import { clockOf, minutesOf, settle } from "./clock.js";

const USUAL_DAY = [8 * 60, 12 * 60];
const USUAL_BREAK = 60;
const USUAL_EVENING = 17 * 60;
const COPIED_TO = [2, 3, 4, 5];

class Week extends HTMLElement {
  connectedCallback() {
    this.picture = this.querySelector("dra-week-picture");
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("change", () => this.#refresh());
    this.#refresh();
    this.dataset.ready = "yes";
  }

  /** What the API takes: [{weekday, opens, closes, room_id}], unreadable times left out. */
  get value() {
    return this.#spans()
      .filter(({ opens, closes }) => opens && closes)
      .map(({ weekday, opens, closes, room }) => ({ weekday, opens, closes, room_id: room || null }));
  }

  /** The input that a fault of the answer is about: ["body", "spans", 3, "opens"]. */
  fieldAt(at) {
    const row = this.querySelectorAll("[data-span]")[at[2]];
    return row?.querySelector(`[data-part="${at[3]}"]`) ?? row?.querySelector("input");
  }

  #spans() {
    return [...this.querySelectorAll("[data-span]")].map((row) => {
      const part = (name) => row.querySelector(`[data-part="${name}"]`);
      return {
        weekday: Number(row.closest("[data-weekday]").dataset.weekday),
        opens: settle(part("opens")),
        closes: settle(part("closes"), { end: true }),
        room: part("room_id")?.value,
        last: part("closes"),
        first: part("opens"),
      };
    });
  }

  #onClick(event) {
    const row = event.target.closest("[data-weekday]");
    if (event.target.closest("[data-add]")) this.#add(row).querySelector("input").focus();
    else if (event.target.closest("[data-remove]")) this.#remove(event.target.closest("[data-span]"), row);
    else if (event.target.closest("[data-copy]")) this.#copy(row);
    else return;
    this.#refresh();
  }

  #add(row, times = this.#nextStretch(row), room = null) {
    const spans = row.querySelector("[data-spans]");
    spans.append(row.querySelector("template").content.cloneNode(true));
    const added = spans.lastElementChild;
    added.querySelector('[data-part="opens"]').value = times[0];
    added.querySelector('[data-part="closes"]').value = times[1];
    const select = added.querySelector('[data-part="room_id"]');
    if (select && room) select.value = room;
    return added;
  }

  /** After what is there already comes a break, then work until five. */
  #nextStretch(row) {
    const last = [...row.querySelectorAll('[data-part="closes"]')].at(-1)?.value;
    if (!last) return USUAL_DAY.map(clockOf);
    const opens = minutesOf(last) + USUAL_BREAK;
    return opens < USUAL_EVENING ? [clockOf(opens), clockOf(USUAL_EVENING)] : ["", ""];
  }

  #remove(span, row) {
    span.remove();
    announce("Hours removed");
    row.querySelector("[data-add]").focus();
  }

  #copy(monday) {
    const spans = this.#spans().filter(({ weekday }) => weekday === 1);
    for (const weekday of COPIED_TO) {
      const row = this.querySelector(`[data-weekday="${weekday}"]`);
      row.querySelector("[data-spans]").replaceChildren();
      for (const { first, last, room } of spans) this.#add(row, [first.value, last.value], room);
    }
    announce("Monday's hours were copied to Tuesday until Friday");
    monday.querySelector("[data-copy]").focus();
  }

  #refresh() {
    const spans = this.#spans();
    this.#checkOrder(spans);
    for (const row of this.querySelectorAll("[data-weekday]")) {
      row.querySelector("[data-off]").hidden = row.querySelector("[data-span]") !== null;
    }
    const readable = spans.filter(({ opens, closes }) => opens && closes && closes > opens);
    this.picture.show(readable.map(({ weekday, opens, closes }) => [weekday, minutesOf(opens), minutesOf(closes)]));
  }

  /** What the server would refuse is said here, at the time that is wrong. */
  #checkOrder(spans) {
    for (const span of spans) {
      if (!span.opens || !span.closes) continue;
      const overlaps = spans.some((other) => other !== span && other.weekday === span.weekday && other.opens && other.closes && other.opens < span.opens && other.closes > span.opens);
      if (span.closes <= span.opens) span.last.setCustomValidity("This ends before it begins.");
      if (overlaps) span.first.setCustomValidity("These hours overlap the ones before.");
    }
  }
}

customElements.define("dra-week", Week);
