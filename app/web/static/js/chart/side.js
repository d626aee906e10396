/** What is read beside the list. Events: "moved" (detail: row, before), "closed". */
import { toast } from "../dom.js";

export class Side extends EventTarget {
  #asking = null;

  constructor(element, fetchText) {
    super();
    this.element = element;
    this.fetchText = fetchText;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  async open(path, row, { focus = true } = {}) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const html = await this.fetchText(path, this.#asking.signal);
      const before = row.getBoundingClientRect().top;
      this.element.innerHTML = html;
      this.element.hidden = false;
      this.dispatchEvent(new CustomEvent("moved", { detail: { row, before } }));
      if (focus) this.element.querySelector("[data-title]")?.focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== "AbortError") toast("This cannot be shown: it is gone, or not for you.", "bad");
    }
  }

  close() {
    if (!this.isOpen) return;
    this.#asking?.abort();
    this.element.hidden = true;
    this.element.replaceChildren();
    this.dispatchEvent(new CustomEvent("closed"));
  }
}
