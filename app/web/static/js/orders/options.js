/** The search of what may be ordered: of the catalogue, or in words. */
import { api, readable } from "../api.js";
import { announce, el } from "../dom.js";
import { Combobox } from "../forms/combobox.js";

const SHOWN = 12;

/** onPick gets a new item in the words of the API. */
export class Options {
  constructor(input, list, { kinds, onPick }) {
    this.kinds = kinds;
    const combobox = new Combobox(input, list, {
      find: (words, signal) => this.#find(words, signal),
      draw: ({ name, detail }) => [el("strong", {}, name), el("div", { class: "detail" }, detail)],
      pick: ({ item, name }) => {
        input.value = "";
        onPick(item, name);
      },
      fail: (error) => announce(readable(error), { urgent: true }),
      reopens: [],
    });
    input.addEventListener("keydown", ({ key }) => key === "Escape" && combobox.forget());
  }

  async #find(q, signal) {
    if (!q) return [];
    const { items } = await api("GET", `/orderables?${new URLSearchParams({ q, limit: SHOWN })}`, { signal });
    return items.length ? items.map((one) => this.#known(one)) : this.#unlisted(q);
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
}
