/** <dra-misplaced>: around the list of what no longer fits; moves all of it, one after the other. */
import { ApiProblem, api } from "../api.js";
import { toast } from "../dom.js";

const MOST_TRIES = 4;

/** Free times go fast while everything is being moved: a refusal says which are left. */
async function moveOne(path, wanted) {
  let json = wanted;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      await api("POST", path, { json, idempotencyKey: crypto.randomUUID() });
      return true;
    } catch (error) {
      const next = error instanceof ApiProblem && error.facts.alternatives?.[0];
      if (!next) return false;
      json = { ...json, starts_at: next.starts_at, practitioner_id: next.practitioner_id, room_id: next.room_id };
    }
  }
  return false;
}

class Misplaced extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-move-all]");
      if (button && !button.disabled) this.#moveAll(button);
    });
    this.dataset.ready = "yes";
  }

  async #moveAll(button) {
    button.disabled = true;
    const firsts = [...this.querySelectorAll("[data-row]")].map((row) => row.querySelector("button[data-post]")).filter(Boolean);
    let moved = 0;
    for (const first of firsts) {
      button.textContent = `Moving ${moved + 1} of ${firsts.length}…`;
      moved += (await moveOne(first.dataset.post, JSON.parse(first.dataset.json))) ? 1 : 0;
    }
    const text = `${moved} of ${firsts.length} moved.`;
    toast(moved === firsts.length ? `${text} Tell the patients.` : `${text} Look at the rest one by one.`, moved === firsts.length ? "ok" : "warn");
    await this.querySelector("dra-fresh").refresh();
  }
}

customElements.define("dra-misplaced", Misplaced);
