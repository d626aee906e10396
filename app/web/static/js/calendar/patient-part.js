/** The patient of a dialog: found, or registered in place. */
import { el } from "../dom.js";
import { PatientPicker } from "./patient-picker.js";
import { Registration } from "./register.js";

/** Events: "change" when there is a patient, or none any more. */
export class PatientPart extends EventTarget {
  constructor({ canRegister = true } = {}) {
    super();
    this.picker = new PatientPicker({ canRegister });
    this.place = el("div", {});
    this.element = el("div", { class: "stack-tight" }, this.picker.element, this.place);
    this.picker.addEventListener("pick", () => this.#changed());
    this.picker.addEventListener("clear", () => this.#changed());
    this.picker.addEventListener("register", ({ detail }) => this.#register(detail));
  }

  get patient() {
    return this.picker.patient;
  }

  /** Start with a patient who is already known. */
  choose(patient) {
    this.picker.choose(patient, { quiet: true });
  }

  focus() {
    if (this.picker.patient) return false;
    this.picker.input.focus();
    return true;
  }

  /** Say that a patient is needed; opens nothing. */
  ask() {
    this.picker.ask();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }

  #register(typed) {
    const registration = new Registration(typed);
    const back = () => {
      this.place.replaceChildren();
      this.picker.element.hidden = false;
    };
    registration.addEventListener("done", ({ detail }) => {
      back();
      this.picker.choose(detail);
      this.dispatchEvent(new CustomEvent("registered"));
    });
    registration.addEventListener("cancel", () => {
      back();
      this.picker.input.focus();
    });
    this.picker.element.hidden = true;
    this.place.replaceChildren(registration.element);
    registration.focus();
  }
}
