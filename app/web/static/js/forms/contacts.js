/** <dra-contacts name>: rows of emergency contacts, as many as needed. */
import { announce } from "../dom.js";

const PARTS = ["name", "relationship", "phone"];

class Contacts extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-rows]");
    this.pattern = this.querySelector("template");
    this.querySelector("[data-add]").addEventListener("click", () => this.#add());
    this.rows.addEventListener("click", (event) => this.#onClick(event));
  }

  #add() {
    this.rows.append(this.pattern.content.cloneNode(true));
    const row = this.rows.lastElementChild;
    const number = this.rows.children.length;
    for (const label of row.querySelectorAll("label")) {
      const input = label.parentElement.querySelector("input");
      input.id = `${input.dataset.part}-new-${number}`;
      label.htmlFor = input.id;
    }
    row.querySelector("input").focus();
  }

  #onClick(event) {
    const row = event.target.closest("[data-remove]")?.closest(".contact-row");
    if (!row) return;
    row.remove();
    announce("Contact removed");
    this.querySelector("[data-add]").focus();
  }

  /** The filled rows. */
  get value() {
    return [...this.rows.querySelectorAll(".contact-row")]
      .map((row) =>
        Object.fromEntries(PARTS.map((part) => [part, row.querySelector(`[data-part="${part}"]`).value.trim()])),
      )
      .filter((contact) => PARTS.some((part) => contact[part]));
  }
}

customElements.define("dra-contacts", Contacts);
