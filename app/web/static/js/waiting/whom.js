/** <dra-whom>: anyone, a specialty or one doctor, asked as one question in a <dra-form>. */
class Whom extends HTMLElement {
  names = ["practitioner_id", "specialty"];

  connectedCallback() {
    this.dataset.ready = "yes";
  }

  /** Two members of the document; at most one of them says something. */
  get value() {
    const [kind, chosen] = this.querySelector("select").value.split(/:(.*)/s);
    return {
      practitioner_id: kind === "practitioner" ? chosen : null,
      specialty: kind === "specialty" ? chosen : null,
    };
  }

  fieldAt() {
    return this.querySelector("select");
  }
}

customElements.define("dra-whom", Whom);
