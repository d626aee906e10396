/** <dra-misplaced>: placeholder until written below. */
customElements.define("dra-misplaced", class extends HTMLElement {});
