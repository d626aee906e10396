/** <dra-queue-board>: numbers that are asked for anew every minute. */
import { hourMinute } from "../formats.js";
import { keepingPlace } from "../today/place.js";

const EVERY_MS = 60_000;

class Board extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("[data-body]");
    this.chip = this.querySelector("[data-live]");
    this.looking = setInterval(() => document.hidden || this.#look(), EVERY_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    this.#say("live");
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    clearInterval(this.looking);
  }

  #say(state) {
    const { clock } = this.body.querySelector("[data-clock]").dataset;
    this.chip.dataset.state = state;
    this.chip.textContent = state === "live" ? `As of ${clock}, every minute` : `Stale: as of ${clock}, tried at ${hourMinute(new Date())}`;
  }

  async #look() {
    try {
      // htmx's header asks for a plain 401 instead of the sign-in page.
      const answer = await fetch("/fragments/queue/board", { headers: { "HX-Request": "true" }, cache: "no-store" });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      keepingPlace(this.body, () => {
        this.body.innerHTML = html;
      });
      this.#say("live");
    } catch {
      this.#say("stale");
    }
    return undefined;
  }
}

customElements.define("dra-queue-board", Board);
