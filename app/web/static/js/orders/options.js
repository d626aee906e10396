/** The search of what may be ordered: a combobox with a list, by keyboard and pointer. */
import { api, readable } from "../api.js";
import { announce, el } from "../dom.js";

const WAIT_MS = 150;

/** onPick gets a new item in the words of the API. */
export class Options {
  #timer = null;
  #asked = 0;
  #at = -1;
  #found = [];

  constructor(input, list, { kinds, onPick }) {
    this.input = input;
    this.list = list;
    this.kinds = kinds;
    this.onPick = onPick;
    input.addEventListener("input", () => this.#wait());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => setTimeout(() => this.#close(), WAIT_MS));
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), WAIT_MS);
  }

  async #look() {
    const words = this.input.value.trim();
    const asked = ++this.#asked;
    if (!words) return this.#close();
    try {
      const { items } = await api("GET", `/orderables?limit=12&q=${encodeURIComponent(words)}`);
      if (asked === this.#asked) this.#show(items.length ? items.map((one) => this.#known(one)) : this.#unlisted(words));
    } catch (error) {
      announce(readable(error), { urgent: true });
    }
  }

  #known(one) {
    const hints = [this.kinds[one.kind]];
    if (one.specimen) hints.push(`specimen: ${one.specimen}`);
    if (one.fasting_hours) hints.push(`fasting for ${one.fasting_hours} hours`);
    return { name: one.name, detail: hints.join(" · "), item: { orderable_key: one.key } };
  }

  /** What the catalogue does not know may be ordered in words. */
  #unlisted(words) {
    return Object.entries(this.kinds).map(([kind, word]) => ({
      name: words,
      detail: `Not in the catalogue: order it in words, as ${word.toLowerCase()}`,
      item: { kind, name: words },
    }));
  }

  #show(found) {
    this.#found = found;
    this.#at = found.length ? 0 : -1;
    this.list.replaceChildren(
      ...found.map((one, place) => {
        const row = el("li", { id: `order-option-${place}`, role: "option" }, el("strong", {}, one.name), el("div", { class: "detail" }, one.detail));
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.#pick(place);
        });
        return row;
      }),
    );
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === this.#at)));
    const row = this.list.children[this.#at];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #onKey(event) {
    if (event.key === "Escape") return this.#close();
    if (this.list.hidden || !this.#found.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#pick(this.#at);
    }
  }

  #pick(place) {
    const one = this.#found[place];
    if (!one) return;
    this.input.value = "";
    this.#close();
    this.onPick(one.item, one.name);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#found = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
