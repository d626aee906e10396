/** Finding a medicine by any of its names, with the keyboard; what the formulary does not know may stay typed. */
import { api, readable } from "../api.js";
import { el } from "../dom.js";

const SETTLED_MS = 150;
const SHOWN = 8;

/** "tablet 10 mg" -> { form: "tablet", strength: "10 mg" }. */
export function formAndStrength(text) {
  const found = /^(.*?)\s*(\d.*)$/.exec(text);
  return found ? { form: found[1], strength: found[2] } : { form: text, strength: "" };
}

/** Events: "pick" (detail: the drug), "type" (what was chosen counts no more). */
export class DrugSearch extends EventTarget {
  #found = [];
  #active = -1;
  #timer = null;
  #asking = null;

  constructor(input, list, note) {
    super();
    Object.assign(this, { input, list, note });
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => this.#expand(false));
  }

  #typed() {
    this.dispatchEvent(new Event("type"));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED_MS);
  }

  async #ask() {
    const q = this.input.value.trim();
    this.#asking?.abort();
    if (q.length < 2) return this.#show([]);
    this.#asking = new AbortController();
    try {
      const { items } = await api("GET", `/formulary?${new URLSearchParams({ q, limit: SHOWN })}`, { signal: this.#asking.signal });
      if (document.activeElement === this.input) this.#show(items);
      this.note.textContent = items.length ? `${items.length} found: arrow keys, then Enter` : "The formulary does not know this: it will not be checked.";
    } catch (error) {
      if (error.name !== "AbortError") this.note.textContent = readable(error);
    }
    return undefined;
  }

  #show(found) {
    this.#found = found;
    this.list.replaceChildren(...found.map((drug, index) => this.#option(drug, index)));
    this.#activate(found.length ? 0 : -1);
    this.#expand(found.length > 0);
  }

  #option(drug, index) {
    const more = [drug.matched === drug.name ? "" : drug.matched, drug.brands.slice(0, 3).join(", "), drug.classes.slice(0, 2).join(", ")];
    const option = el(
      "li",
      { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" },
      el("strong", {}, drug.name),
      el("span", {}, more.filter(Boolean).join(" · ")),
    );
    // The input keeps the focus; a press on the list must not take it away before the click.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#choose(drug));
    return option;
  }

  #choose(drug) {
    this.#expand(false);
    this.input.value = drug.name.charAt(0).toUpperCase() + drug.name.slice(1);
    this.note.textContent = drug.usual.length ? `Usual: ${drug.usual.join("; ")}` : "Known to the formulary.";
    this.dispatchEvent(new CustomEvent("pick", { detail: drug }));
  }

  #activate(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const active = this.list.children[index];
    if (active) {
      this.input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  #onKey(event) {
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      event.preventDefault();
      if (!open) return this.#expand(true);
      return this.#activate((this.#active + step + this.#found.length) % this.#found.length);
    }
    if (event.key === "Enter" && open && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#found[this.#active]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      this.#expand(false);
    }
    return undefined;
  }
}
