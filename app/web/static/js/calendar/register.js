/** Registering a patient without leaving the dialog, with the same question about duplicates as elsewhere. */
import { ApiProblem, api, readable } from "../api.js";
import { el } from "../dom.js";
import { field } from "./fields.js";
import { detailsOf, nameOf } from "./patient-picker.js";

const SEXES = ["female", "male", "other", "unknown"];

/** What was typed into the search as a first guess at the name. */
function guess(typed) {
  if (/\d/.test(typed)) return { family: "", given: "" };
  const [family, given] = typed.includes(",") ? typed.split(",") : [typed.split(/\s+/).slice(1).join(" "), typed.split(/\s+/)[0]];
  return { family: (family ?? "").trim(), given: (given ?? "").trim() };
}

/** Events: "done" (detail: the patient), "cancel". */
export class Registration extends EventTarget {
  #key = crypto.randomUUID();

  constructor(typed) {
    super();
    const { family, given } = guess(typed);
    this.given = el("input", { name: "given_name", required: true, maxlength: 100, autocomplete: "off", value: given });
    this.family = el("input", { name: "family_name", required: true, maxlength: 100, autocomplete: "off", value: family });
    this.born = el("input", { name: "birth_date", type: "date", required: true });
    this.sex = el("select", { name: "sex" }, SEXES.map((sex) => el("option", { value: sex, selected: sex === "unknown" }, sex)));
    this.phone = el("input", { name: "phone", type: "tel", maxlength: 40, autocomplete: "off" });
    this.email = el("input", { name: "email", type: "email", maxlength: 254, autocomplete: "off" });
    this.fault = el("div", { class: "notice bad", role: "alert", hidden: true });
    this.element = el(
      "fieldset",
      { class: "cal-register stack" },
      el("legend", { class: "label" }, "Register a new patient"),
      this.fault,
      el(
        "div",
        { class: "fields" },
        field("Given name", this.given),
        field("Family name", this.family),
        field("Birth date", this.born),
        field("Sex", this.sex),
        field("Phone", this.phone, { optional: true }),
        field("E-mail", this.email, { optional: true }),
      ),
      el(
        "div",
        { class: "row" },
        el("button", { class: "button primary small", type: "button", onclick: () => this.#register(false) }, "Register the patient"),
        el("button", { class: "button small", type: "button", onclick: () => this.#cancel() }, "Search instead"),
      ),
    );
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  focus() {
    const empty = [this.given, this.family, this.born].find((input) => !input.value);
    (empty ?? this.given).focus();
  }

  /** Enter in a field registers; the booking around it is another step. */
  #onKey(event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    this.#register(false);
  }

  #cancel() {
    this.dispatchEvent(new CustomEvent("cancel"));
  }

  async #register(confirmed) {
    const missing = [this.given, this.family, this.born].find((input) => !input.value.trim());
    if (missing) return this.#tell(`Fill in the ${missing.labels[0].textContent.toLowerCase()}.`, missing);
    const json = {
      given_name: this.given.value.trim(),
      family_name: this.family.value.trim(),
      birth_date: this.born.value,
      sex: this.sex.value,
      phone: this.phone.value.trim() || null,
      email: this.email.value.trim() || null,
      confirm_not_duplicate: confirmed,
    };
    try {
      const patient = await api("POST", "/patients", { json, idempotencyKey: this.#key });
      this.dispatchEvent(new CustomEvent("done", { detail: patient }));
    } catch (error) {
      this.#key = crypto.randomUUID();
      if (error instanceof ApiProblem && error.code === "possible-duplicate") await this.#askAbout(error.facts.patient_ids);
      else this.#tell(readable(error), this.#inputOf(error));
    }
    return undefined;
  }

  #inputOf(error) {
    const at = error.facts?.errors?.[0]?.at ?? [];
    return this.element.querySelector(`[name="${CSS.escape(at.at(-1) ?? "")}"]`);
  }

  #tell(text, input) {
    this.fault.className = "notice bad";
    this.fault.replaceChildren(text);
    this.fault.hidden = false;
    for (const other of this.element.querySelectorAll("[aria-invalid]")) other.removeAttribute("aria-invalid");
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
  }

  /** Show who it may be; the person at the desk decides. */
  async #askAbout(ids) {
    const known = await Promise.all(ids.slice(0, 5).map((id) => api("GET", `/patients/${id}`).catch(() => null)));
    const rows = known.filter(Boolean).map((patient) =>
      el(
        "li",
        { class: "row" },
        el("strong", {}, nameOf(patient)),
        el("span", {}, detailsOf(patient).join(" · ")),
        el("button", { class: "button small push", type: "button", onclick: () => this.#take(patient) }, "Use this patient"),
      ),
    );
    this.fault.className = "notice warn";
    this.fault.replaceChildren(
      el("strong", {}, "This may be somebody we already have"),
      el("ul", { class: "stack-tight" }, rows),
      el(
        "div",
        { class: "row" },
        el("button", { class: "button small", type: "button", onclick: () => this.#register(true) }, "Another person: register all the same"),
      ),
    );
    this.fault.hidden = false;
    this.fault.querySelector("button")?.focus();
  }

  #take(patient) {
    this.dispatchEvent(new CustomEvent("done", { detail: patient }));
  }
}
