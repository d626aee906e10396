/** Parts of the forms around medication: what the patient says of each line, and what is known to be unchecked. */

/** <dra-said-lines name>: one decision for each medicine of the list; what is missing is said once a line. */
class SaidLines extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#fit());
    this.#fit();
    this.dataset.ready = "yes";
  }

  #fit() {
    for (const line of this.#lines) {
      const first = line.querySelector("input[type=radio]");
      first.setCustomValidity(line.querySelector("input[type=radio]:checked") ? "" : first.dataset.missing);
    }
  }

  get #lines() {
    return [...this.querySelectorAll("[data-line]")];
  }

  get value() {
    return this.#lines.map((line) => ({
      item_id: line.dataset.item || null,
      text: line.dataset.item ? null : line.dataset.text,
      decision: line.querySelector("input[type=radio]:checked")?.value,
      remark: line.querySelector("[data-remark]").value.trim() || null,
    }));
  }

  fieldAt([, , index]) {
    return this.#lines[index]?.querySelector("input") ?? this.querySelector("input");
  }
}

/** <dra-known name ids>: the findings one says to know of, exactly those that were shown. */
class Known extends HTMLElement {
  connectedCallback() {
    this.dataset.ready = "yes";
  }

  get value() {
    return this.getAttribute("ids").split(" ").filter(Boolean);
  }
}

customElements.define("dra-said-lines", SaidLines);
customElements.define("dra-known", Known);
