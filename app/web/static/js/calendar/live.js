/** The live line to the server: live, stale (reconnecting) or offline, always told. */
import { announce } from "../dom.js";
import { timeText } from "./zone.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const COUNTS_WAIT_MS = 400;

const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  stale: "Stale",
  offline: "Offline",
};

/** Follows the calendar's events into a store, and shows its state in `chip`. */
export class LiveLine {
  #source = null;
  #retry = null;
  #counting = null;
  #failures = 0;
  #since = null;
  #wasLive = false;

  constructor(store, chip) {
    this.store = store;
    this.chip = chip;
    this.word = chip.querySelector("[data-word]");
    this.more = chip.querySelector("[data-more]");
    addEventListener("online", () => this.#reopen());
    addEventListener("offline", () => this.#show("offline"));
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", (event) => event.persisted && this.#reopen());
    this.#open();
  }

  #open() {
    this.#close();
    const source = new EventSource("/api/v1/calendar/events");
    this.#source = source;
    source.addEventListener("hello", () => this.#greeted());
    source.addEventListener("appointment", (event) => this.#heard(JSON.parse(event.data)));
    source.onerror = () => this.#broken();
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #reopen() {
    this.#failures = 0;
    this.#open();
  }

  /** What happened while nobody listened is asked for, once the line stands again. */
  async #greeted() {
    this.#failures = 0;
    const missed = this.#wasLive && this.#since !== null;
    this.#wasLive = true;
    if (missed) {
      await this.store.reload().catch(() => {});
      this.#countSoon();
      announce("The calendar is live again");
    }
    this.#show("live");
  }

  #heard(appointment) {
    this.store.apply(appointment);
    this.#countSoon();
  }

  #countSoon() {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => this.store.loadCounts().catch(() => {}), COUNTS_WAIT_MS);
  }

  /** The browser tries again by itself unless the server answered with an error. */
  #broken() {
    this.#show(navigator.onLine ? "stale" : "offline");
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #show(state) {
    const before = this.chip.dataset.state;
    if (state === "live") this.#since = null;
    else this.#since ??= Date.now();
    this.chip.dataset.state = state;
    const since = this.#since ? ` since ${timeText(this.#since)}` : "";
    this.word.textContent = WORDS[state];
    this.more.textContent = state === "live" ? "" : `${since}: what others book is not shown until the line is back`;
    this.chip.title = state === "live" ? "What others book appears by itself" : `${WORDS[state]}${this.more.textContent}`;
    if (before === "live" && state !== "live") announce("The calendar is no longer live", { urgent: true });
  }
}
