/** Ticked rows: alerts of low severity that are acknowledged together. */
import { api, readable } from "../api.js";
import { toast } from "../dom.js";
import { told } from "./moves.js";

export class Selection {
  constructor(rows, bar, after) {
    this.rows = rows;
    this.bar = bar;
    this.after = after;
    rows.body.addEventListener("change", ({ target }) => target.matches("[data-tick]") && this.#show());
    rows.addEventListener("count", () => this.#show());
    bar.querySelector("[data-bulk-acknowledge]").addEventListener("click", () => this.#acknowledge());
    bar.querySelector("[data-bulk-none]").addEventListener("click", () => this.#none());
  }

  get #ticked() {
    return [...this.rows.list.querySelectorAll("[data-tick]:checked")];
  }

  #show() {
    const chosen = this.#ticked.length;
    this.bar.hidden = chosen === 0;
    this.bar.querySelector("[data-chosen]").textContent = `${chosen} of low severity selected`;
  }

  #none() {
    for (const tick of this.#ticked) tick.checked = false;
    this.#show();
    this.rows.step(0);
  }

  async #acknowledge() {
    const ids = this.#ticked.map((tick) => tick.closest("[data-row]").dataset.row);
    try {
      const { items } = await api("POST", "/alerts/acknowledgements", { json: { ids }, idempotencyKey: crypto.randomUUID() });
      const refused = items.filter(({ acknowledged }) => !acknowledged);
      told(`Acknowledged: ${items.length - refused.length}`);
      if (refused.length) toast(`${refused.length} not: ${refused[0].title}`, "warn");
      this.#none();
      for (const id of ids) await this.after(id);
    } catch (error) {
      toast(readable(error), "bad");
    }
  }
}
