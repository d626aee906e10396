/** Today in numbers, above the calendar: who has come, who waits longest. */
import { el } from "../dom.js";
import { sign } from "./content.js";
import { minutesText } from "./zone.js";

const SHOWN = [
  ["booked", "Booked", "booked"],
  ["arrived", "Arrived", "arrived"],
  ["in_room", "In room", "in-room"],
  ["with_doctor", "With doctor", "with-doctor"],
  ["finished", "Finished", "finished"],
  ["noshow", "No-show", "noshow"],
];

export class CountsBar {
  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    desk.store.addEventListener("counts", () => this.#draw(desk.store.counts));
  }

  async #draw(counts) {
    const numbers = SHOWN.map(([name, label, icon]) =>
      el("div", { class: `cal-count ${name}` }, el("dt", {}, sign(icon), label), el("dd", {}, String(counts[name] ?? 0))),
    );
    this.element.replaceChildren(el("dl", {}, numbers), await this.#longest(counts));
  }

  async #longest({ longest_waiting_id: id, longest_wait_minutes: minutes }) {
    if (!id) return el("p", { class: "cal-longest" });
    const one = await this.desk.find(id);
    if (!one) return el("p", { class: "cal-longest" }, `Longest wait: ${minutesText(minutes)}`);
    return el(
      "p",
      { class: `cal-longest${minutes >= 30 ? " long" : ""}` },
      sign("clock"),
      "Longest wait: ",
      el("button", { class: "cal-link", type: "button", onclick: () => this.desk.open(one) }, one.patient_name),
      ` ${minutesText(minutes)}`,
    );
  }
}
