/** What is found under an input while one types: a WAI-ARIA combobox with a list, by keyboard and pointer. */
import { el } from "../dom.js";

const SETTLED_MS = 150;
const ARROWS = ["ArrowDown", "ArrowUp"];

/** After the last comes the first. */
const roundAndRound = (at, count) => ({ ArrowDown: (at + 1) % count, ArrowUp: (at + count - 1) % count });

/**
 * The input keeps the focus; the list is open only while it has it. What its owner says of it:
 * find(words, signal) resolves with what is found, draw(one) gives the parts of an option, pick(one) takes it,
 * fail(error) tells that it could not be looked for; moves(at, count) where keys lead in the open list, by key;
 * reopens, the keys that open it again.
 */
export class Combobox {
  #found = [];
  #at = 0;
  #timer = null;
  #asking = null;

  constructor(input, list, { find, draw, pick, fail, moves = roundAndRound, reopens = ARROWS }) {
    Object.assign(this, { input, list, find, draw, pick, fail, moves, reopens });
    const says = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(says)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.#askSoon());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => this.close());
  }

  show(found) {
    this.#found = found;
    this.list.replaceChildren(...found.map((one, place) => this.#option(one, place)));
    this.#mark(0);
    if (document.activeElement === this.input) this.open();
    else this.close();
  }

  /** Show what was found last, if anything was. */
  open() {
    if (!this.#found.length) return this.close();
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-activedescendant", this.list.children[this.#at].id);
    return undefined;
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** What was asked counts no more, answered or not. */
  forget() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED_MS);
  }

  async #ask() {
    this.forget();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const found = await this.find(this.input.value.trim(), signal);
      if (!signal.aborted) this.show(found);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  #option(one, place) {
    const option = el("li", { id: `${this.list.id}-${place}`, role: "option" }, this.draw(one));
    // A press on the list must not take the focus away before the click.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#choose(place));
    return option;
  }

  #mark(at) {
    this.#at = at;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    this.list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  #choose(place) {
    this.forget();
    this.close();
    this.pick(this.#found[place]);
  }

  #onKey(event) {
    const act = this.list.hidden ? this.#actClosed(event.key) : this.#actOpen(event.key);
    if (!act) return;
    event.preventDefault();
    // The Escape that closes the list closes nothing around it.
    if (event.key === "Escape") event.stopPropagation();
    act();
  }

  #actClosed(key) {
    return this.#found.length && this.reopens.includes(key) ? () => this.open() : null;
  }

  #actOpen(key) {
    const leads = this.moves(this.#at, this.#found.length);
    if (key in leads) return () => this.#goTo(leads[key]);
    return { Enter: () => this.#choose(this.#at), Escape: () => this.close() }[key];
  }

  #goTo(at) {
    this.#mark(at);
    this.open();
  }
}
