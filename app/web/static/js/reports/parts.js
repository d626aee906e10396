/** Parts of the forms around mandatory reports: moments on the clinic's wall, and what is declined. */
import { instantOf, now, useClinicClock, wallOf } from "../calendar/zone.js";

const FOLLOW_MILLISECONDS = 15_000;

/** <dra-clinic-moment name zone now follows>: a day and a time on the clinic's wall, sent as an instant; now, until somebody says otherwise. */
class ClinicMoment extends HTMLElement {
  connectedCallback() {
    useClinicClock(this.getAttribute("zone"), this.getAttribute("now"));
    if (this.hasAttribute("follows")) this.#follow(this.querySelector("input"));
    this.dataset.ready = "yes";
  }

  #follow(input) {
    const timer = setInterval(() => {
      input.value = wallOf(now()).slice(0, 16);
    }, FOLLOW_MILLISECONDS);
    input.addEventListener("input", () => clearInterval(timer), { once: true });
  }

  get value() {
    const { value } = this.querySelector("input");
    return value ? instantOf(value) : null;
  }
}

/** <dra-declined name>: the proposed reports that are held not to be required, each with its reason. */
class Declined extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => target.matches("[data-decline]") && this.#fit(target));
    this.dataset.ready = "yes";
  }

  #fit(box) {
    const because = box.closest("[data-rule]").querySelector("[data-because]");
    because.hidden = !box.checked;
    const reason = because.querySelector("textarea");
    reason.required = box.checked;
    if (box.checked) reason.focus();
  }

  get value() {
    return [...this.querySelectorAll("[data-rule]")]
      .filter((rule) => rule.querySelector("[data-decline]").checked)
      .map((rule) => ({ rule_id: rule.dataset.rule, reason: rule.querySelector("textarea").value.trim() }));
  }

  fieldAt([, , index]) {
    const declined = [...this.querySelectorAll("[data-rule]")].filter((rule) => rule.querySelector("[data-decline]").checked);
    return declined[index]?.querySelector("textarea") ?? this.querySelector("input");
  }
}

/** <dra-sent-text of>: the promise that the text as it was saved is what was sent; not while one types. */
class SentText extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input");
    this.text = document.getElementById(this.getAttribute("of"));
    this.text?.addEventListener("input", () => this.#fit());
    this.#fit();
    this.dataset.ready = "yes";
  }

  #fit() {
    const unsaved = this.text && this.text.value !== this.text.defaultValue;
    this.box.dataset.missing = unsaved ? this.dataset.unsaved : this.dataset.unread;
    this.box.setCustomValidity(unsaved ? this.dataset.unsaved : "");
  }
}

customElements.define("dra-sent-text", SentText);
customElements.define("dra-clinic-moment", ClinicMoment);
customElements.define("dra-declined", Declined);
