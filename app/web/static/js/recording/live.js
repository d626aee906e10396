/** <dra-live>: appears as soon as the recorder on this page has a recording on the server. */
customElements.define(
  "dra-live",
  class extends HTMLElement {
    connectedCallback() {
      document.addEventListener("dra:recording", () => this.#show());
      if (document.querySelector("dra-recorder")?.dataset.recordingId) this.#show();
    }

    #show() {
      this.hidden = false;
    }
  },
);
