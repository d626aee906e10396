/** Finding one patient by any part of name, birth date, phone or record number; namesakes told apart. */
import { api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";
import { dayText } from "./zone.js";

const SETTLED_MS = 150;
const SHOWN = 8;

/** "Okafor-Lind, Mara". */
export const nameOf = (patient) => `${patient.family_name}, ${patient.given_name}`;

/** The details that tell namesakes apart. */
export function detailsOf(patient) {
  return [`born ${dayText(patient.birth_date)}`, patient.phone ?? "no phone", patient.mrn];
}

/** Events: "pick" (detail: the patient), "register" (detail: what was typed), "clear". */
export class PatientPicker extends EventTarget {
  #found = [];
  #active = -1;
  #timer = null;
  #asking = null;

  constructor({ label = "Patient", canRegister = true, search = false, placeholder = "Name, birth date, phone or record number" } = {}) {
    super();
    this.canRegister = canRegister;
    this.patient = null;
    const listId = freshId("patients");
    this.input = el("input", {
      id: freshId("patient"),
      type: "search",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 200,
      placeholder,
      "data-search": search,
      oninput: () => this.#askSoon(),
      onkeydown: (event) => this.#onKey(event),
      onfocus: () => this.#found.length && this.#expand(true),
      onblur: () => this.#expand(false),
    });
    this.list = el("ul", { id: listId, role: "listbox", class: "cal-found", "aria-label": "Patients", hidden: true });
    this.chosen = el("div", { class: "cal-chosen", hidden: true });
    this.note = el("p", { class: "hint", role: "status" });
    this.register = el("button", { class: "button small", type: "button", onclick: () => this.#toRegister() }, "Register a new patient");
    this.register.hidden = !canRegister;
    this.element = el(
      "div",
      { class: "field cal-picker" },
      el("label", { for: this.input.id }, label),
      el("div", { class: "cal-combo" }, this.input, this.list),
      this.chosen,
      el("div", { class: "row" }, this.note, this.register),
    );
  }

  /** Take a patient as chosen, from the list or from elsewhere. */
  choose(patient, { quiet = false } = {}) {
    this.patient = patient;
    this.#expand(false);
    this.input.hidden = true;
    this.input.setAttribute("aria-invalid", "false");
    this.register.hidden = true;
    this.note.textContent = "";
    const change = el("button", { class: "button small", type: "button", onclick: () => this.clear() }, "Change");
    this.chosen.replaceChildren(
      el("strong", {}, nameOf(patient)),
      el("span", { class: "muted" }, detailsOf(patient).join(" · ")),
      change,
    );
    this.chosen.hidden = false;
    if (quiet) return;
    announce(`${nameOf(patient)} chosen`);
    this.dispatchEvent(new CustomEvent("pick", { detail: patient }));
  }

  clear() {
    this.patient = null;
    this.chosen.hidden = true;
    this.input.hidden = false;
    this.register.hidden = !this.canRegister;
    this.input.focus();
    this.input.select();
    this.dispatchEvent(new CustomEvent("clear"));
  }

  /** Empty again, without moving the focus. */
  reset() {
    this.patient = null;
    this.input.value = "";
    this.chosen.hidden = true;
    this.input.hidden = false;
    this.#show([], "");
  }

  /** Say that a patient is needed, where it is needed. */
  ask() {
    this.note.textContent = "Choose the patient first.";
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
  }

  #toRegister() {
    this.dispatchEvent(new CustomEvent("register", { detail: this.input.value.trim() }));
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED_MS);
  }

  async #ask() {
    const q = this.input.value.trim();
    this.#asking?.abort();
    if (!q) return this.#show([], "");
    this.#asking = new AbortController();
    try {
      const query = new URLSearchParams({ q, limit: SHOWN });
      const { items, next_cursor: more } = await api("GET", `/patients?${query}`, { signal: this.#asking.signal });
      this.#show(items, q, Boolean(more));
    } catch (error) {
      if (error.name !== "AbortError") this.note.textContent = readable(error);
    }
    return undefined;
  }

  #show(found, q, more = false) {
    this.#found = found;
    this.list.replaceChildren(...found.map((patient, index) => this.#option(patient, index)));
    this.#activate(found.length ? 0 : -1);
    this.#expand(found.length > 0);
    if (!q) this.note.textContent = "";
    else if (!found.length) this.note.textContent = "No patient matches.";
    else this.note.textContent = `${found.length}${more ? " or more" : ""} found${more ? ": type more to narrow it down" : ""}`;
  }

  #option(patient, index) {
    const option = el(
      "li",
      { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" },
      el("strong", {}, nameOf(patient)),
      el("span", {}, detailsOf(patient).join(" · ")),
    );
    // The input keeps the focus; a press on the list must not take it away before the click.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.choose(patient));
    return option;
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
    if (event.key === "Enter") {
      event.preventDefault();
      if (open && this.#active >= 0) this.choose(this.#found[this.#active]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.#expand(false);
    }
    return undefined;
  }
}
