/** <dra-patient-field name>: one patient, found or registered in place, as a part of a <dra-form>. */
import { PatientPart } from "../calendar/patient-part.js";

class PatientField extends HTMLElement {
  connectedCallback() {
    this.person = new PatientPart();
    this.replaceChildren(this.person.element);
    this.person.addEventListener("change", () => this.#check());
    this.#check();
    this.dataset.ready = "yes";
  }

  get value() {
    return this.person.patient?.id ?? null;
  }

  fieldAt() {
    return this.querySelector("input");
  }

  #check() {
    this.querySelector("input").setCustomValidity(this.person.patient ? "" : "Choose the patient first.");
  }
}

customElements.define("dra-patient-field", PatientField);
