/** <dra-safety-plan>: a plan saved as you type, never over somebody else, and published as it was seen. */
import { ApiProblem, api, readable } from "../api.js";
import { dataBlock, toast } from "../dom.js";
import { Saving } from "../saving/saving.js";
import { fieldFor, textOf } from "./plan-fields.js";

class SafetyPlan extends HTMLElement {
  mergeTitle = "This plan was changed in another window";
  #fields = new Map();

  async connectedCallback() {
    this.refused = this.querySelector("[data-refused]");
    this.current = dataBlock("safety-plan-data");
    this.saving = new Saving(this, document.querySelector("[data-save-state]"));
    for (const root of this.querySelectorAll("[data-key]")) {
      const field = fieldFor(root, () => this.saving.changed());
      this.#fields.set(field.key, field);
    }
    this.#listen();
    await this.saving.restore();
    this.dataset.ready = "yes";
  }

  #listen() {
    this.querySelector("[data-publish]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#publish();
    });
    for (const button of document.querySelectorAll("[data-service-phone]")) {
      button.addEventListener("click", () => this.#offer(button.dataset));
    }
  }

  #offer({ serviceName, servicePhone }) {
    const added = this.#fields.get("professionals").offer(serviceName, servicePhone);
    toast(added ? `${servicePhone} now stands in step 5.` : `${servicePhone} stands in step 5 already.`, "ok");
  }

  texts() {
    return Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.text]));
  }

  textsOf(plan) {
    return Object.fromEntries([...this.#fields.keys()].map((key) => [key, textOf(plan.content[key])]));
  }

  labelOf(key) {
    return this.#fields.get(key).label;
  }

  setText(key, text) {
    this.#fields.get(key).setText(text);
  }

  adopt(plan) {
    this.current = plan;
  }

  load() {
    return api("GET", `/safety-plans/${this.current.id}`);
  }

  send() {
    const json = Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.value]));
    return api("PUT", `/safety-plans/${this.current.id}/working-copy`, { json, version: this.current.version });
  }

  async #publish() {
    this.refused.hidden = true;
    const days = this.querySelector("#review_in_days");
    if (!days.validity.valid) return this.#refuse(`After how many days? ${days.validationMessage}`, days);
    if (!(await this.saving.save())) return this.#refuse("Not everything is saved yet; publishing waits until it is.");
    try {
      const json = { version: this.current.version, review_in_days: Number(days.value) };
      await api("POST", `/safety-plans/${this.current.id}/publications`, { json });
      location.reload();
    } catch (error) {
      const at = error instanceof ApiProblem ? error.facts.errors?.[0]?.at.at(-1) : null;
      this.#refuse(readable(error), this.#fields.get(at)?.root);
    }
    return undefined;
  }

  #refuse(text, input = null) {
    this.refused.textContent = text;
    this.refused.hidden = false;
    (input ?? this.refused).focus();
  }
}

customElements.define("dra-safety-plan", SafetyPlan);
