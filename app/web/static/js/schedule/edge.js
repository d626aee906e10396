/** <dra-edge name edge="start|end">: a day and perhaps a time, as the wall time an exception begins or ends. */
import { settle } from "./clock.js";

class Edge extends HTMLElement {
  connectedCallback() {
    [this.day, this.time] = this.querySelectorAll("input");
    this.addEventListener("change", () => this.#settle());
    this.dataset.ready = "yes";
  }

  get #isEnd() {
    return this.getAttribute("edge") === "end";
  }

  #settle() {
    return settle(this.time, { end: this.#isEnd });
  }

  /** "2026-03-02T08:00". Without a time the first day begins, and the last day ends, at midnight. */
  get value() {
    const clock = this.#settle() ?? (this.#isEnd ? "24:00" : "00:00");
    return clock === "24:00" ? `${dayAfter(this.day.value)}T00:00` : `${this.day.value}T${clock}`;
  }

  fieldAt() {
    return this.day;
  }
}

function dayAfter(day) {
  const next = new Date(`${day}T00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return Number.isNaN(next.getTime()) ? day : next.toISOString().slice(0, 10);
}

customElements.define("dra-edge", Edge);
