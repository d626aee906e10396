/** <dra-note-panels>: what waits beside a note; F8 goes from one panel with something in it to the next. */
class NotePanels extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#onKey);
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey);
  }

  #onKey = (event) => {
    if (event.key !== "F8" || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    this.#next()?.focus();
  };

  /** The first thing to answer of the next panel in which something waits; after the last comes the first. */
  #next() {
    const panels = [...this.querySelectorAll("section:has([data-count])")];
    const at = panels.indexOf(document.activeElement?.closest("section"));
    const turns = [...panels.slice(at + 1), ...panels.slice(0, at + 1)];
    const next = turns.find((panel) => Number(panel.querySelector("[data-count]").textContent) > 0);
    return next?.querySelector("li button") ?? panels[0]?.querySelector("h2");
  }
}

customElements.define("dra-note-panels", NotePanels);
