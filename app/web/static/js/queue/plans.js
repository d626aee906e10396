/** <dra-queue-plans zone now>: around the roster and the ladders; buttons that do what they say. */
import { api, readable } from "../api.js";
import { useClinicClock } from "../calendar/zone.js";
import { toast } from "../dom.js";

class Plans extends HTMLElement {
  connectedCallback() {
    useClinicClock(this.getAttribute("zone"), this.getAttribute("now"));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("input", (event) => this.#onInput(event));
    this.dataset.ready = "yes";
  }

  /** data-post or data-delete: a path of the API. */
  async #onClick(event) {
    const button = event.target.closest("button[data-post], button[data-delete]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    const { post, delete: gone } = button.dataset;
    try {
      if (post) await api("POST", post, { idempotencyKey: crypto.randomUUID() });
      else await api("DELETE", gone);
      location.reload();
    } catch (error) {
      toast(readable(error), "bad");
      button.removeAttribute("aria-disabled");
    }
  }

  /** The name in the address of something new is what is typed here. */
  #onInput({ target }) {
    if (!target.matches("[data-key-below]")) return;
    target.closest("dra-form").setAttribute("action", `${target.dataset.keyBelow}${target.value.trim()}`);
  }
}

customElements.define("dra-queue-plans", Plans);
