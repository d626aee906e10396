/** What lies beside the list: one item with everything about it, and what can be done with it. */
import { api, readable } from "../api.js";
import { toast } from "../dom.js";
import "../forms/form.js";
import { keepingPlace } from "../today/place.js";
import { tick } from "./countdown.js";
import "./fields.js";
import { itemOf, pathOf } from "./moves.js";

/** Events: "close" (detail: the id), "open" (detail: the id). */
export class Panel extends EventTarget {
  #asking = null;

  constructor(element, { fragment, moves, after }) {
    super();
    this.element = element;
    this.fragment = fragment;
    this.moves = moves;
    this.after = after;
    element.addEventListener("click", (event) => this.#onClick(event));
    element.addEventListener("change", (event) => this.#onTick(event));
    element.addEventListener("submit", (event) => this.#onSubmit(event));
    element.addEventListener("sent", (event) => this.#onSent(event));
    element.hidden = !element.querySelector("[data-row]");
  }

  /** The item shown, or null. */
  get item() {
    const node = this.element.hidden ? null : this.element.querySelector("[data-row]");
    return node && itemOf(node);
  }

  async open(id, { focus = true } = {}) {
    const html = await this.#fetch(id);
    if (html === null) return;
    this.element.innerHTML = html;
    this.element.hidden = false;
    this.element.querySelector(".scroll")?.scrollTo(0, 0);
    if (focus) this.element.querySelector("[data-title]")?.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("open", { detail: id }));
  }

  /** Show it as it is now; what is being typed stays. */
  async refresh() {
    const id = this.item?.id;
    if (!id || this.element.querySelector("textarea:focus, input:not([type]):focus, input[type=url]:focus, input[type=datetime-local]:focus")) return;
    if ([...this.element.querySelectorAll("textarea, input:not([type])")].some((field) => field.value !== field.defaultValue)) return;
    const html = await this.#fetch(id, { quiet: true });
    if (html === null || this.item?.id !== id) return;
    const top = this.element.querySelector(".scroll")?.scrollTop ?? 0;
    keepingPlace(this.element, () => {
      this.element.innerHTML = html;
    });
    this.element.querySelector(".scroll")?.scrollTo(0, top);
  }

  close() {
    const id = this.item?.id;
    if (!id) return;
    this.element.hidden = true;
    this.element.replaceChildren();
    this.dispatchEvent(new CustomEvent("close", { detail: id }));
  }

  tick() {
    tick(this.element);
  }

  async #fetch(id, { quiet = false } = {}) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      return await this.fragment(`/fragments/queue/items/${id}`, this.#asking.signal);
    } catch (error) {
      if (error.name !== "AbortError" && !quiet) toast("This cannot be shown: it is gone, or not for you.", "bad");
      return null;
    }
  }

  #onClick(event) {
    if (event.target.closest("[data-close]")) this.close();
    const move = event.target.closest("[data-move]");
    if (move) this.moves.make(move.dataset.move, this.item);
  }

  async #send(method, path, json) {
    const { id } = this.item;
    const options = { json, idempotencyKey: method === "POST" ? crypto.randomUUID() : undefined };
    try {
      await api(method, path, options);
      return true;
    } catch (error) {
      toast(readable(error), "bad");
      return false;
    } finally {
      await this.after(id);
    }
  }

  #onTick({ target }) {
    if (!target.matches("[data-step]")) return;
    this.#send("PUT", `${pathOf(this.item)}/checklist/${target.dataset.step}`, { done: target.checked });
  }

  /** What the form of a task changed stands in the list and here. */
  async #onSent(event) {
    event.preventDefault();
    const { id } = this.item;
    await this.after(id);
    await this.open(id);
  }

  async #onSubmit(event) {
    const form = event.target;
    if (form.closest("dra-form")) return;
    event.preventDefault();
    const json = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    if (!form.dataset.post || Object.values(json).some((value) => !value)) return;
    const sent = await this.#send("POST", `${pathOf(this.item)}/${form.dataset.post}`, json);
    if (!sent) return;
    form.reset();
    document.activeElement?.blur();
    await this.refresh();
  }
}
