/** Finding a medicine by any of its names, with the keyboard; what the formulary does not know may stay typed. */
import { api, readable } from "../api.js";
import { el } from "../dom.js";
import { Combobox } from "../forms/combobox.js";

const SHOWN = 8;
const SHORTEST = 2;

/** "tablet 10 mg" -> { form: "tablet", strength: "10 mg" }. */
export function formAndStrength(text) {
  const found = /^(.*?)\s*(\d.*)$/.exec(text);
  return found ? { form: found[1], strength: found[2] } : { form: text, strength: "" };
}

/** Events: "pick" (detail: the drug), "type" (what was chosen counts no more). */
export class DrugSearch extends EventTarget {
  constructor(input, list, note) {
    super();
    Object.assign(this, { input, note });
    input.addEventListener("input", () => this.dispatchEvent(new Event("type")));
    new Combobox(input, list, {
      find: (words, signal) => this.#find(words, signal),
      draw: (drug) => this.#draw(drug),
      pick: (drug) => this.#pick(drug),
      fail: (error) => this.#say(readable(error)),
    });
  }

  #say(text) {
    this.note.textContent = text;
  }

  async #find(q, signal) {
    if (q.length < SHORTEST) return [];
    const { items } = await api("GET", `/formulary?${new URLSearchParams({ q, limit: SHOWN })}`, { signal });
    this.#say(items.length ? `${items.length} found: arrow keys, then Enter` : "The formulary does not know this: it will not be checked.");
    return items;
  }

  #draw(drug) {
    const more = [drug.matched === drug.name ? "" : drug.matched, drug.brands.slice(0, 3).join(", "), drug.classes.slice(0, 2).join(", ")];
    return [el("strong", {}, drug.name), el("span", {}, more.filter(Boolean).join(" · "))];
  }

  #pick(drug) {
    this.input.value = drug.name.charAt(0).toUpperCase() + drug.name.slice(1);
    this.#say(drug.usual.length ? `Usual: ${drug.usual.join("; ")}` : "Known to the formulary.");
    this.dispatchEvent(new CustomEvent("pick", { detail: drug }));
  }
}
