/** <dra-patient-search>: arrow keys between the search box and its results. */
class PatientSearch extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=search]");
    this.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get #links() {
    return [...this.querySelectorAll(".results a")];
  }

  #onKey(event) {
    const links = this.#links;
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(links.length - 1, at + 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      if (at === 0) this.input.focus();
      else links[at - 1].focus();
    } else if (event.key === "Enter" && document.activeElement === this.input && links.length === 1) {
      event.preventDefault();
      links[0].click();
    } else if (event.key === "Escape" && at >= 0) this.input.focus();
  }
}

customElements.define("dra-patient-search", PatientSearch);
