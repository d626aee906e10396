/**
 * <dra-code-field data-json code description>: a code of ICD-10-CM found by typing, or plain words;
 * a part of a <dra-form> with two members.
 */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";
import { Combobox } from "../forms/combobox.js";

const SHOWN = 12;

/** The first and the last are ends. */
function moves(at, count) {
  return { ArrowDown: Math.min(at + 1, count - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: count - 1 };
}

class CodeField extends HTMLElement {
  names = ["code", "description"];
  #chosen = null;

  connectedCallback() {
    this.input = this.querySelector("input");
    this.said = this.querySelector("[data-chosen]");
    const list = el("ul", { id: freshId("codes"), role: "listbox", class: "code-found", "aria-label": "Codes", hidden: true });
    this.input.after(list);
    this.input.addEventListener("input", () => this.#typed());
    this.combobox = new Combobox(this.input, list, {
      find: (words, signal) => this.#find(words, signal),
      draw: (found) => this.#draw(found),
      pick: (found) => this.#pick(found),
      fail: (error) => this.#fail(error),
      moves,
      reopens: ["ArrowDown"],
    });
    const code = this.getAttribute("code");
    if (code) this.#chosen = { code, description: this.getAttribute("description") };
    this.#tell();
    this.dataset.ready = "yes";
  }

  get value() {
    if (this.#chosen) return { code: this.#chosen.code, description: this.#chosen.description };
    return { code: null, description: this.input.value.trim() || null };
  }

  fieldAt() {
    return this.input;
  }

  #tell(found = "") {
    const typed = this.input.value.trim();
    this.input.setCustomValidity(typed || this.#chosen ? "" : "Type a problem and choose its code, or leave it in words.");
    if (this.#chosen) this.said.textContent = `${this.#chosen.code} ${this.#chosen.description}`;
    else this.said.textContent = [found, typed ? "Recorded in words, without a code, unless you choose one." : ""].filter(Boolean).join(" ");
  }

  #typed() {
    this.#chosen = null;
    this.#tell();
  }

  async #find(q, signal) {
    if (!q) return [];
    const { items } = await api("GET", `/icd10?${new URLSearchParams({ q, limit: SHOWN })}`, { signal });
    this.#tell(items.length ? `${items.length} found.` : "No code is found by these words.");
    return items;
  }

  #fail(error) {
    this.combobox.show([]);
    this.#tell(error instanceof ApiProblem && error.code === "no-release-loaded" ? "No release of ICD-10-CM is loaded." : readable(error));
  }

  #draw({ code, description, billable, also }) {
    const more = [billable ? "" : "a heading, not a code to bill", also[0] ?? ""].filter(Boolean).join(" · ");
    return [el("strong", {}, code), el("span", {}, description), el("span", { class: "also" }, more)];
  }

  #pick({ code, description }) {
    this.#chosen = { code, description };
    this.input.value = code;
    this.#tell();
    announce(`${code} ${description} chosen`);
  }
}

customElements.define("dra-code-field", CodeField);
