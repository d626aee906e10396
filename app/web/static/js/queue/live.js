/**
 * The one line to the server for everything that happens in the queues, and whether it stands:
 * Live, Reconnecting, Stale since, or Not live where the server itself has to look.
 */
import { now, timeText } from "../calendar/zone.js";
import { announce } from "../dom.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const STALE_MS = 30_000;
const LOOK_MS = 30_000;
const LOOK_ANYWAY_MS = 120_000; // a line may be dead without anybody having been told
const TICK_MS = 1000;

/** Events: "change" (detail: what changed), "reload" (look at everything). */
export class Line extends EventTarget {
  #source = null;
  #retry = null;
  #failures = 0;
  #broken = null;
  #stood = false;
  #watched = true;
  #looked = now();
  #anew = false;

  constructor(chip) {
    super();
    this.chip = chip;
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.#lost());
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    this.ticking = setInterval(() => this.#show(), TICK_MS);
    this.looking = setInterval(() => this.#lookWhenDue(), LOOK_MS);
    this.open();
  }

  open() {
    this.close();
    const source = new EventSource("/api/v1/events");
    this.#source = source;
    const on = (name, hear) =>
      source.addEventListener(name, (event) => {
        hear(event.data ? JSON.parse(event.data) : {});
        this.#show();
      });
    on("hello", (hello) => this.#hello(hello));
    on("item", (change) => this.#tell("change", change));
    source.onerror = () => this.#lost();
  }

  close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
    this.#anew = true;
  }

  end() {
    clearInterval(this.ticking);
    clearInterval(this.looking);
    this.close();
  }

  /** Taken up again by itself, the line goes on where it was; a new one does not know what it missed. */
  #hello({ live, reload }) {
    if (reload || this.#anew) this.#look();
    this.#failures = 0;
    this.#broken = null;
    this.#watched = live;
    this.#stood = true;
    this.#anew = false;
  }

  #look() {
    this.#looked = now();
    this.#tell("reload");
  }

  #lookWhenDue() {
    const wait = this.#broken === null ? LOOK_ANYWAY_MS : LOOK_MS;
    if (!document.hidden && now() - this.#looked >= wait) this.#look();
  }

  /** The browser tries again by itself unless the server answered with an error. */
  #lost() {
    this.#broken ??= now();
    this.#show();
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.open(), Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures));
  }

  get #state() {
    if (this.#broken !== null) {
      if (now() - this.#broken >= STALE_MS) return ["stale", `Stale since ${timeText(this.#broken)}`];
      return ["reconnecting", `Reconnecting ${Math.max(0, Math.round((now() - this.#broken) / TICK_MS))} s`];
    }
    if (!this.#stood) return ["connecting", "Connecting"];
    return this.#watched ? ["live", "Live"] : ["polling", "Not live: looking every second"];
  }

  #show() {
    const [state, text] = this.#state;
    const before = this.chip.dataset.state;
    if (this.chip.textContent !== text) this.chip.textContent = text;
    if (state === before) return;
    this.chip.dataset.state = state;
    if (before === "live" && state !== "live") announce("The queue is no longer live", { urgent: true });
    if (state === "live" && before !== "connecting") announce("The queue is live again");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
