/** <dra-deferral demand-id then>: a screening that is due is put off, with a reason. */
import { api, readable } from "../api.js";

const MINUTE_MS = 60_000;

class Deferral extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.error = this.querySelector('[role="alert"]');
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => this.#onSubmit(event));
    this.dataset.ready = "yes";
  }

  async #onSubmit(event) {
    event.preventDefault();
    const { minutes, reason } = this.form.elements;
    if (!reason.validity.valid || reason.value.trim().length < 3) {
      reason.setAttribute("aria-invalid", "true");
      reason.focus();
      return this.#say("Say in a few words why it cannot be done now.");
    }
    const until = new Date(Date.now() + Number(minutes.value) * MINUTE_MS - 1000).toISOString();
    try {
      await api("POST", `/screening-demands/${this.getAttribute("demand-id")}/deferral`, {
        json: { until, reason: reason.value.trim() },
      });
    } catch (error) {
      return this.#say(readable(error));
    }
    const done = new CustomEvent("screening-deferred", { bubbles: true, cancelable: true });
    if (this.dispatchEvent(done)) location.assign(this.getAttribute("then"));
  }

  #say(text) {
    this.error.textContent = text;
    this.error.hidden = false;
  }
}

customElements.define("dra-deferral", Deferral);
