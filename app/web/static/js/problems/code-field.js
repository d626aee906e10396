/**
 * <dra-code-field data-json code description>: a code of ICD-10-CM found by typing, or plain words;
 * a part of a <dra-form> with two members.
 */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";

const SETTLED_MS = 150;
const SHOWN = 12;

class CodeField extends HTMLElement {
  names = ["code", "description"];
  #found = [];
  #active = -1;
  #timer = null;
  #asking = null;
  #chosen = null;

  connectedCallback() {
    this.input = this.querySelector("input");
    this.said = this.querySelector("[data-chosen]");
    this.list = el("ul", { id: freshId("codes"), role: "listbox", class: "code-found", "aria-label": "Codes", hidden: true });
    this.input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#expand(false));
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED_MS);
  }

  async #ask() {
    const q = this.input.value.trim();
    this.#asking?.abort();
    if (!q || this.#chosen) return this.#show([]);
    this.#asking = new AbortController();
    try {
      const { items } = await api("GET", `/icd10?${new URLSearchParams({ q, limit: SHOWN })}`, { signal: this.#asking.signal });
      this.#show(items);
      this.#tell(items.length ? `${items.length} found.` : "No code is found by these words.");
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      this.#show([]);
      this.#tell(error instanceof ApiProblem && error.code === "no-release-loaded" ? "No release of ICD-10-CM is loaded." : readable(error));
    }
    return undefined;
  }

  #show(found) {
    this.#found = found;
    this.list.replaceChildren(
      ...found.map((each, index) =>
        el(
          "li",
          { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false", onmousedown: (event) => this.#press(event, index) },
          el("strong", {}, each.code),
          el("span", {}, each.description),
          el("span", { class: "also" }, [each.billable ? "" : "a heading, not a code to bill", each.also[0] ?? ""].filter(Boolean).join(" · ")),
        ),
      ),
    );
    this.#activate(found.length ? 0 : -1);
    this.#expand(found.length > 0 && document.activeElement === this.input);
  }

  #press(event, index) {
    event.preventDefault();
    this.#choose(index);
  }

  #expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }

  #activate(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  #key(event) {
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && this.#found.length) this.#expand(true);
      return;
    }
    const last = this.#found.length - 1;
    const moves = { ArrowDown: Math.min(this.#active + 1, last), ArrowUp: Math.max(this.#active - 1, 0), Home: 0, End: last };
    if (event.key in moves) this.#activate(moves[event.key]);
    else if (event.key === "Enter") this.#choose(this.#active);
    else if (event.key === "Escape") this.#expand(false);
    else return;
    event.preventDefault();
  }

  #choose(index) {
    const { code, description } = this.#found[index];
    this.#chosen = { code, description };
    this.input.value = code;
    this.#expand(false);
    this.#tell();
    announce(`${code} ${description} chosen`);
  }
}

customElements.define("dra-code-field", CodeField);
