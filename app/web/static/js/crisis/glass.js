/** <dra-glass seconds>: how long broken glass stays open; when it is over, what it showed is gone. */
import { announce } from "../dom.js";

const LAST_MINUTES = 300;

class Glass extends HTMLElement {
  connectedCallback() {
    this.word = this.querySelector("[data-left]");
    this.until = performance.now() + Number(this.getAttribute("seconds")) * 1000;
    this.warned = Number(this.getAttribute("seconds")) <= LAST_MINUTES;
    this.timer = setInterval(() => this.#tick(), 1000);
    document.addEventListener("visibilitychange", () => this.#tick());
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  #tick() {
    const left = Math.max(0, Math.ceil((this.until - performance.now()) / 1000));
    this.word.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (!this.warned && left <= LAST_MINUTES) {
      this.warned = true;
      announce("The restricted record closes in five minutes.");
    }
    if (left === 0) {
      clearInterval(this.timer);
      location.reload();
    }
  }
}

customElements.define("dra-glass", Glass);
