/**
 * <dra-interruption src>: a screening that becomes due while a page is open lies over the whole
 * page, with its form inside. What was typed below, and a dictation that runs, stay as they are.
 */
import { csrfToken } from "../api.js";
import { el } from "../dom.js";
import "../forms/form.js";
import "./deferral.js";
import "./screening.js";

const LOOK_EVERY_MS = 20_000;

class Interruption extends HTMLElement {
  #dialog = null;

  connectedCallback() {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    addEventListener("focus", () => this.look());
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  /** Ask whether something is due, and show it. */
  async look() {
    if (this.#dialog || document.hidden || document.querySelector("dialog[open]")) return;
    const html = await page(this.getAttribute("src"));
    if (html && !this.#dialog) this.#open(html);
  }

  #open(html) {
    const before = document.activeElement;
    const body = el("div", { class: "dialog-body" });
    body.append(fragmentOf(html));
    this.#dialog = el("dialog", { class: "interruption", "aria-label": "A screening is due" }, body);
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.#dialog.addEventListener("screening-completed", (event) => this.#onCompleted(event, body));
    this.#dialog.addEventListener("screening-deferred", (event) => {
      event.preventDefault();
      this.#dialog.close();
    });
    this.#dialog.addEventListener("close", () => {
      this.#dialog.remove();
      this.#dialog = null;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    });
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    body.querySelector("[data-item] input")?.focus();
  }

  async #onCompleted(event, body) {
    event.preventDefault();
    const html = await page(`/fragments/screenings/${event.detail}/result`);
    if (!html) return location.assign(`/screenings/${event.detail}`);
    const back = el("button", { class: "button primary", type: "button" }, "Back to what was open");
    back.addEventListener("click", () => this.#dialog.close());
    body.replaceChildren(el("div", { class: "stack" }, fragmentOf(html), el("div", {}, back)));
    back.focus();
  }
}

/** The text of a page of ours; "" where there is none, or it cannot be had just now. */
async function page(path) {
  try {
    const answer = await fetch(path, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { "X-CSRF-Token": csrfToken() },
      redirect: "error",
    });
    return answer.status === 200 ? await answer.text() : "";
  } catch {
    return "";
  }
}

function fragmentOf(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
  return fragment;
}

customElements.define("dra-interruption", Interruption);
