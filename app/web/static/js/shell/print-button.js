/** <dra-print-button>: the browser's own print dialog. */
customElements.define(
  "dra-print-button",
  class extends HTMLElement {
    connectedCallback() {
      this.querySelector("button")?.addEventListener("click", () => print());
    }
  },
);
