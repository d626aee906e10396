/** Whether the calendar is live, stale (reconnecting) or offline, always told; what comes goes into the store. */
import { announce } from "../dom.js";
import { LiveLine } from "../today/live-line.js";
import { timeText } from "./zone.js";

const COUNTS_WAIT_MS = 400;

const WORDS = { live: "Live", stale: "Stale", offline: "Offline" };

/** The chip, and the line behind it. */
export class LiveChip {
  #counting = null;
  #since = null;
  #stood = false;

  constructor(store, chip) {
    this.store = store;
    this.chip = chip;
    this.word = chip.querySelector("[data-word]");
    this.more = chip.querySelector("[data-more]");
    this.line = new LiveLine();
    this.line.addEventListener("state", ({ detail }) => this.#show(detail));
    this.line.addEventListener("change", ({ detail }) => (detail ? this.#heard(detail) : this.#standsAgain()));
    addEventListener("online", () => this.line.open());
    addEventListener("offline", () => this.#show("offline"));
    addEventListener("pagehide", () => this.line.close());
    addEventListener("pageshow", (event) => event.persisted && this.line.open());
    this.line.open();
  }

  #heard(appointment) {
    this.store.apply(appointment);
    this.#countSoon();
  }

  /** What happened while nobody listened is asked for; the first time the page has just been loaded. */
  async #standsAgain() {
    if (this.#stood) {
      await this.store.reload().catch(() => {});
      this.#countSoon();
    }
    this.#stood = true;
  }

  #countSoon() {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => this.store.loadCounts().catch(() => {}), COUNTS_WAIT_MS);
  }

  #show(state) {
    const before = this.chip.dataset.state;
    if (state === "live") this.#since = null;
    else this.#since ??= Date.now();
    const since = this.#since ? ` since ${timeText(this.#since)}` : "";
    this.chip.dataset.state = state;
    this.word.textContent = WORDS[state];
    this.more.textContent = state === "live" ? "" : `${since}: what others book is not shown until the line is back`;
    this.chip.title = state === "live" ? "What others book appears by itself" : `${WORDS[state]}${this.more.textContent}`;
    if (before === "live" && state !== "live") announce("The calendar is no longer live", { urgent: true });
    if (before !== "live" && before !== "connecting" && state === "live") announce("The calendar is live again");
  }
}
