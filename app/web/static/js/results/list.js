/** <dra-results>: results one after the other by keyboard; what is acknowledged leaves the list. */
import { announce } from "../dom.js";

const MOVES = { j: 1, k: -1 };

class Results extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#onKey);
    this.addEventListener("sent", (event) => this.#acknowledged(event));
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey);
  }

  get #rows() {
    return [...this.querySelectorAll("[data-result]")];
  }

  get #current() {
    return document.activeElement?.closest("[data-result]");
  }

  #onKey = (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in MOVES) this.#move(MOVES[event.key]);
    else if (event.key === "a") this.#current?.querySelector("select")?.focus();
    else if (event.key === "o") this.#current?.querySelector("[data-open]").click();
    else return;
    event.preventDefault();
  };

  #move(by) {
    const rows = this.#rows;
    const place = rows.indexOf(this.#current);
    const next = place < 0 ? (by > 0 ? 0 : rows.length - 1) : place + by;
    rows[next]?.focus();
  }

  #acknowledged(event) {
    event.preventDefault();
    const row = event.target.closest("[data-result]");
    const rows = this.#rows;
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    row.remove();
    announce(next ? "Acknowledged" : "Acknowledged. Nothing else is on this page.");
    if (next) {
      next.focus();
      return;
    }
    this.querySelector("ol").remove();
    const none = this.querySelector("[data-none]");
    none.hidden = false;
    none.tabIndex = -1;
    none.focus();
  }
}

customElements.define("dra-results", Results);
