/** <dra-choices name>: ticked boxes as a list in a <dra-form>; with data-numbers a list of numbers. */
class Choices extends HTMLElement {
  connectedCallback() {
    this.dataset.ready = "yes";
  }

  get value() {
    const ticked = [...this.querySelectorAll("input:checked")].map((input) => input.value);
    return this.hasAttribute("data-numbers") ? ticked.map(Number) : ticked;
  }
}

customElements.define("dra-choices", Choices);
