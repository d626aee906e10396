/** <dra-prescribe action method version>: one medicine, checked as it is written, put on a draft. */
import { API_ROOT, ApiProblem, api, readable } from "../api.js";
import { dayText } from "../calendar/zone.js";
import { announce, dataBlock, el } from "../dom.js";
import { DrugSearch, formAndStrength } from "./drug-search.js";

const SETTLED_MS = 350;
const TEXTS = ["drug_key", "continues", "renews_id", "strength", "form", "quantity", "quantity_unit", "reason"];

const textOf = (input) => input.value.trim() || null;

/** What is no number goes as it was typed: to be refused, not forgotten. */
const numberOf = (input) => {
  const text = textOf(input);
  return /^\d+$/.test(text ?? "") ? Number(text) : text;
};

/** What a check found, as the page shows it everywhere. */
export function findingElement(finding, words) {
  const outcome = words.outcomes[finding.outcome];
  const severity = finding.severity ? `, ${words.severities[finding.severity]}` : "";
  const source = [finding.source, finding.as_of && `as of ${dayText(finding.as_of)}`].filter(Boolean).join(", ");
  return el(
    "li",
    { class: `finding is-${outcome.kind}` },
    el("p", {}, el("span", { class: `badge ${outcome.kind}` }, outcome.label + severity), " ", el("strong", {}, words.kinds[finding.kind])),
    el("p", {}, finding.because),
    source ? el("p", { class: "detail" }, source) : null,
  );
}

class Prescribe extends HTMLElement {
  #timer = null;
  #asking = null;
  #busy = false;
  #said = "";

  connectedCallback() {
    this.form = this.querySelector("form");
    this.data = dataBlock("prescribe-data");
    this.summary = this.querySelector("[data-summary]");
    const field = (name) => this.form.elements.namedItem(name);
    this.field = field;
    const search = new DrugSearch(field("name"), this.querySelector("[role=listbox]"), this.querySelector("[data-drug-note]"));
    search.addEventListener("type", () => this.#forget());
    search.addEventListener("pick", ({ detail }) => this.#pick(detail));
    this.#offerFavourites();
    this.form.addEventListener("input", () => this.#checkSoon());
    this.form.addEventListener("change", (event) => {
      this.#fit(event.target);
      this.#checkSoon();
    });
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.#fit(null);
    if (field("name").value.trim()) this.#check();
    this.dataset.ready = "yes";
  }

  #forget() {
    this.field("drug_key").value = "";
  }

  #pick(drug) {
    this.field("drug_key").value = drug.key;
    document.getElementById("strengths").replaceChildren(...drug.strengths.map((text) => el("option", { value: formAndStrength(text).strength }, text)));
    if (drug.routes.length === 1 && !this.field("route").value) this.field("route").value = drug.routes[0];
    if (drug.strengths.length === 1 && !this.field("strength").value) {
      const only = formAndStrength(drug.strengths[0]);
      this.field("strength").value = only.strength;
      this.field("form").value ||= only.form;
    }
    announce(`${drug.name} chosen`);
    this.#checkSoon();
  }

  #offerFavourites() {
    const { favourites } = this.data;
    const choose = document.getElementById("favourite");
    this.querySelector("[data-favourites]").hidden = favourites.length === 0;
    choose.append(...favourites.map((one, index) => el("option", { value: index }, `${one.content.name}${one.content.strength ? ` ${one.content.strength}` : ""}: ${one.sig_text}`)));
    choose.addEventListener("change", () => choose.value && this.#fill(favourites[choose.value].content));
  }

  /** Write a whole medicine into the form, as a favourite says it. */
  #fill(content) {
    for (const name of ["name", "drug_key", "strength", "form", "quantity", "quantity_unit"]) this.field(name).value = content[name] ?? "";
    this.field("refills").value = content.refills;
    const { sig } = content;
    for (const name of ["amount", "unit", "route", "meals", "as_needed_for", "most_a_day", "duration"]) this.field(name).value = sig[name] ?? "";
    this.field("duration_period").value = sig.duration_period ?? "days";
    this.field("as_needed").checked = sig.as_needed;
    for (const name of ["when", "weekdays"]) {
      for (const box of this.form.querySelectorAll(`[name=${name}]`)) box.checked = sig[name].includes(box.value);
    }
    const often = [...this.field("often").options].find(({ value }) => value && this.#isOften(JSON.parse(value), sig));
    this.field("often").value = often?.value ?? "";
    this.#fit(null);
  }

  #isOften(part, sig) {
    return ["times_a_day", "every", "every_period", "once_only"].every((name) => (part[name] || null) === (sig[name] || null));
  }

  /** What cannot be said together is not offered together. */
  #fit(changed) {
    this.querySelector("[data-needed]").hidden = !this.field("as_needed").checked;
    if (changed?.name === "as_needed" && changed.checked) this.field("as_needed_for").focus();
  }

  get #sig() {
    const often = this.field("often").value;
    const checked = (name) => [...this.form.querySelectorAll(`[name=${name}]:checked`)].map(({ value }) => value);
    const duration = numberOf(this.field("duration"));
    const needed = this.field("as_needed").checked;
    return {
      amount: textOf(this.field("amount")),
      unit: textOf(this.field("unit")),
      route: textOf(this.field("route")),
      ...(often ? JSON.parse(often) : {}),
      when: checked("when"),
      meals: textOf(this.field("meals")),
      weekdays: checked("weekdays"),
      as_needed: needed,
      as_needed_for: needed ? textOf(this.field("as_needed_for")) : null,
      most_a_day: numberOf(this.field("most_a_day")),
      duration,
      duration_period: duration ? this.field("duration_period").value : null,
    };
  }

  get #content() {
    const texts = Object.fromEntries(TEXTS.map((name) => [name, textOf(this.field(name))]));
    return { ...texts, name: this.field("name").value.trim(), sig: this.#sig, refills: numberOf(this.field("refills")) ?? 0 };
  }

  #checkSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), SETTLED_MS);
  }

  /** What would be found of it; nothing is kept. */
  async #check() {
    const item = this.#content;
    const note = this.querySelector("[data-check-note]");
    this.#asking?.abort();
    if (!item.name) {
      note.textContent = "As soon as there is a medicine, it is checked.";
      this.querySelector("[data-findings]").replaceChildren();
      return;
    }
    this.#asking = new AbortController();
    const { patient_id, prescription_id, item_id } = this.data;
    try {
      const json = { patient_id, prescription_id, item_id, item };
      this.#show(await api("POST", "/prescriptions/checks", { json, signal: this.#asking.signal }));
    } catch (error) {
      if (error.name === "AbortError") return;
      note.textContent = `Not checked: ${readable(error)}`;
      this.querySelector("[data-findings]").replaceChildren();
    }
  }

  #show({ items, sig_text: reads, missing }) {
    const { words } = this.data;
    const asked = missing.length ? ` Still to say: ${missing.map((name) => words.missing[name]).join(", ")}.` : "";
    this.querySelector("[data-reads]").textContent = reads + asked;
    this.querySelector("[data-findings]").replaceChildren(...items.map((finding) => findingElement(finding, words)));
    const count = (outcome) => items.filter((finding) => finding.outcome === outcome).length;
    const said = [`${count("warning")} warning${count("warning") === 1 ? "" : "s"}`, `${count("not-checked")} not checked`, `${count("pass")} with nothing found`].join(", ");
    this.querySelector("[data-check-note]").textContent = said;
    if (said !== this.#said) announce(said);
    this.#said = said;
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#busy) return;
    this.#clear();
    if (!this.field("name").value.trim()) return this.#fault(this.field("name"), "Name the medicine.");
    this.#busy = true;
    try {
      const path = this.getAttribute("action").slice(API_ROOT.length);
      const saved = await api(this.getAttribute("method"), path, { json: this.#content, version: this.getAttribute("version") });
      location.assign(`/prescriptions/${saved.id}`);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#busy = false;
    }
    return undefined;
  }

  #failed(error) {
    const faults = error instanceof ApiProblem ? (error.facts.errors ?? []) : [];
    const placed = faults.map(({ at, why }) => [this.field(at.findLast((part) => typeof part === "string" && this.field(part))), why]).filter(([input]) => input);
    for (const [input, why] of placed) this.#fault(input, why);
    if (placed.length) return;
    this.summary.textContent = error.status === 412 ? "This prescription was changed in another window. Open it again to compare; what you typed stays here." : readable(error);
    this.summary.hidden = false;
    this.summary.focus();
  }

  #fault(input, why) {
    const one = input instanceof RadioNodeList ? input[0] : input;
    one.closest(".field, fieldset").append(el("p", { class: "error", role: "alert" }, why));
    one.setAttribute("aria-invalid", "true");
    one.focus();
  }

  #clear() {
    this.summary.hidden = true;
    for (const error of this.querySelectorAll(".error")) error.remove();
    for (const input of this.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }
}

customElements.define("dra-prescribe", Prescribe);
