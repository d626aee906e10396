/** <dra-clock name>: a time of day, typed the way people do; edge="end" takes midnight as 24:00. */
import { settle } from "../schedule/clock.js";

class Clock extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.addEventListener("change", () => this.value);
    this.dataset.ready = "yes";
  }

  /** "08:30", or null where nothing is said. */
  get value() {
    return settle(this.input, { end: this.getAttribute("edge") === "end" });
  }
}

customElements.define("dra-clock", Clock);
