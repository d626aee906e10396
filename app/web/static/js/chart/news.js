/** Asks now and then what came since the page was made; says so, and never moves the list by itself. */
import { announce } from "../dom.js";

const LOOK_MS = 20_000;
const NOT_YOURS = [401, 403, 404]; // signed out, restricted since, gone

export class NewsWatch {
  #known;
  #fresh = new Set();

  constructor(chart, button) {
    this.chart = chart;
    this.button = button;
    this.#known = new Set(chart.getAttribute("known").split(" "));
    this.looking = setInterval(() => document.hidden || this.look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
  }

  stop() {
    clearInterval(this.looking);
  }

  get waiting() {
    return this.#fresh.size;
  }

  async look() {
    const since = new URLSearchParams({ since: this.chart.getAttribute("made-at") });
    try {
      const answer = await fetch(`${this.chart.getAttribute("src")}/news?${since}`, { headers: { "HX-Request": "true" }, cache: "no-store" });
      if (NOT_YOURS.includes(answer.status)) location.reload();
      if (!answer.ok) return;
      const { ids } = await answer.json();
      this.#heard(ids);
    } catch {
      /* not reached: asked again soon */
    }
  }

  #heard(ids) {
    const before = this.waiting;
    for (const id of ids) if (!this.#known.has(id)) this.#fresh.add(id);
    if (this.waiting === before) return;
    const said = `${this.waiting} new ${this.waiting === 1 ? "entry" : "entries"}`;
    this.button.textContent = said;
    this.button.hidden = false;
    announce(said);
  }

  /** They are shown now. */
  taken() {
    for (const id of this.#fresh) this.#known.add(id);
    this.#fresh.clear();
    this.button.hidden = true;
  }
}
