/** <dra-more>: what is rarely wanted, behind a button; it folds when one goes on elsewhere, or with Escape. */
class More extends HTMLElement {
  connectedCallback() {
    this.folder = this.querySelector("details");
    this.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && this.#left(relatedTarget));
    this.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("pointerdown", this.#onPointer);
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#onPointer);
  }

  #onPointer = ({ target }) => this.#left(target);

  #left(target) {
    if (!this.contains(target)) this.folder.open = false;
  }

  #onKey(event) {
    if (event.key !== "Escape" || !this.folder.open) return;
    event.preventDefault();
    this.folder.open = false;
    this.querySelector("summary").focus();
  }
}

customElements.define("dra-more", More);
