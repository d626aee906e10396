/** A line of events for pages that only want to know that something changed: the calendar's, or another. */

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Events: "state" (detail: live, stale or offline), and "change": something is different now.
 * Of a change the detail is the appointment, or null when the line stands again after a while.
 */
export class LiveLine extends EventTarget {
  #source = null;
  #retry = null;
  #failures = 0;
  #address;

  constructor(address = "/api/v1/calendar/events") {
    super();
    this.#address = address;
  }

  open() {
    this.close();
    const source = new EventSource(this.#address);
    this.#source = source;
    // What happened while nobody listened is not told again: look once when the line stands.
    source.addEventListener("hello", () => {
      this.#failures = 0;
      this.#tell("state", "live");
      this.#tell("change", null);
    });
    source.addEventListener("appointment", (event) => this.#tell("change", JSON.parse(event.data)));
    source.addEventListener("day", () => this.#tell("change", null));
    source.onerror = () => this.#broken();
  }

  close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  /** The browser tries again by itself unless the server answered with an error. */
  #broken() {
    this.#tell("state", navigator.onLine ? "stale" : "offline");
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.open(), wait);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
