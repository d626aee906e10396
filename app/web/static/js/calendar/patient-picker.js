/** Finding one patient by any part of name, birth date, phone or record number; namesakes told apart. */
import { api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";
import { Combobox } from "../forms/combobox.js";
import { dayText } from "./zone.js";

const SHOWN = 8;

/** "Okafor-Lind, Mara". */
export const nameOf = (patient) => `${patient.family_name}, ${patient.given_name}`;

/** The details that tell namesakes apart. */
export function detailsOf(patient) {
  return [`born ${dayText(patient.birth_date)}`, patient.phone ?? "no phone", patient.mrn];
}

/** Events: "pick" (detail: the patient), "register" (detail: what was typed), "clear". */
export class PatientPicker extends EventTarget {
  constructor({ label = "Patient", canRegister = true, search = false, placeholder = "Name, birth date, phone or record number" } = {}) {
    super();
    this.canRegister = canRegister;
    this.patient = null;
    this.input = el("input", {
      id: freshId("patient"),
      type: "search",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 200,
      placeholder,
      "data-search": search,
      // Enter never sends the form around.
      onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
      onfocus: () => this.combobox.open(),
    });
    const list = el("ul", { id: freshId("patients"), role: "listbox", class: "cal-found", "aria-label": "Patients", hidden: true });
    this.combobox = new Combobox(this.input, list, {
      find: (words, signal) => this.#find(words, signal),
      draw: (patient) => [el("strong", {}, nameOf(patient)), el("span", {}, detailsOf(patient).join(" · "))],
      pick: (patient) => this.choose(patient),
      fail: (error) => this.#say(readable(error)),
    });
    this.chosen = el("div", { class: "cal-chosen", hidden: true });
    this.note = el("p", { class: "hint", role: "status" });
    this.register = el("button", { class: "button small", type: "button", onclick: () => this.#toRegister() }, "Register a new patient");
    this.register.hidden = !canRegister;
    this.element = el(
      "div",
      { class: "field cal-picker" },
      el("label", { for: this.input.id }, label),
      el("div", { class: "cal-combo" }, this.input, list),
      this.chosen,
      el("div", { class: "row" }, this.note, this.register),
    );
  }

  /** Take a patient as chosen, from the list or from elsewhere. */
  choose(patient, { quiet = false } = {}) {
    this.patient = patient;
    this.combobox.close();
    this.input.hidden = true;
    this.input.setAttribute("aria-invalid", "false");
    this.register.hidden = true;
    this.#say("");
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
    this.combobox.show([]);
    this.#say("");
  }

  /** Say that a patient is needed, where it is needed. */
  ask() {
    this.#say("Choose the patient first.");
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
  }

  #toRegister() {
    this.dispatchEvent(new CustomEvent("register", { detail: this.input.value.trim() }));
  }

  #say(text) {
    this.note.textContent = text;
  }

  async #find(q, signal) {
    if (!q) {
      this.#say("");
      return [];
    }
    const { items, next_cursor: more } = await api("GET", `/patients?${new URLSearchParams({ q, limit: SHOWN })}`, { signal });
    const found = more ? `${items.length} or more found: type more to narrow it down` : `${items.length} found`;
    this.#say(items.length ? found : "No patient matches.");
    return items;
  }
}
