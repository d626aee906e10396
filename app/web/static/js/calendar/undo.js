/** Every change is told with a way back, and a refusal to go back is explained. */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el, toast } from "../dom.js";

const SHOWN_MS = 20_000;

const WHY_NOT = {
  "nothing-to-undo": "There is nothing left to take back.",
  "not-today": "This was on another day: it can no longer be taken back.",
  "time-taken": "The time has been given to somebody else meanwhile.",
  "encounter-started": "The visit has begun: cancel the encounter instead.",
  "in-error": "It was marked as entered in error, which is final.",
};

/** Why an undo was refused, or what else went wrong, as a sentence. */
export function whyNot(error) {
  if (error instanceof ApiProblem && error.code === "undo-refused") return WHY_NOT[error.facts.reason] ?? error.message;
  return readable(error);
}

/** Remembers the latest change of this page, so that one key takes it back. */
export class Undo {
  #latest = null;

  constructor(desk) {
    this.desk = desk;
  }

  /** Say that something was done, with a button to take it back. */
  offer(text, appointment) {
    this.#latest = appointment.id;
    const region = document.getElementById("toasts");
    const box = el("div", { class: "notice ok" });
    const close = () => {
      const hadFocus = box.contains(document.activeElement);
      box.remove();
      if (hadFocus) this.desk.focusOn(appointment.id);
    };
    const back = () => {
      box.remove();
      this.take(appointment.id);
    };
    box.append(
      el(
        "div",
        { class: "row" },
        el("span", {}, text),
        el("button", { class: "button small push", type: "button", onclick: back }, "Undo ", el("kbd", { "aria-hidden": "true" }, "z")),
        el("button", { class: "button small", type: "button", onclick: close }, "Close"),
      ),
    );
    for (const old of region.querySelectorAll("[data-undo]")) old.remove();
    box.dataset.undo = appointment.id;
    region.append(box);
    setTimeout(close, SHOWN_MS);
  }

  /** Take back the latest change of an appointment, of the last one touched when none is named. */
  async take(id = this.#latest) {
    if (!id) return toast("There is nothing to undo on this page.");
    try {
      const appointment = await api("POST", `/appointments/${id}/undo`);
      this.desk.store.apply(appointment);
      if (this.#latest === id) this.#latest = null;
      document.querySelector(`[data-undo="${id}"]`)?.remove();
      announce("Taken back");
      toast("Taken back.", "ok", { seconds: 4 });
      if (!this.desk.page.panel.appointment) await this.desk.show(appointment);
    } catch (error) {
      toast(whyNot(error), "bad");
    }
    return undefined;
  }
}
