/** <dra-chart src page made-at known>: the history of a patient, its filters and keys, and a note beside it. */
import { announce, toast } from "../dom.js";
import { listenToKeys } from "../queue/keys.js";
import { NewsWatch } from "./news.js";
import { Side } from "./side.js";

class Chart extends HTMLElement {
  #asking = null;
  #query = location.search.slice(1);

  connectedCallback() {
    this.body = this.querySelector("[data-body]");
    this.filters = this.querySelector("[data-filters]");
    this.side = new Side(this.querySelector("[data-side]"), (path, signal) => this.#fetch(path, signal));
    this.side.addEventListener("moved", ({ detail }) => this.#keepInPlace(detail));
    this.side.addEventListener("closed", () => this.#afterSide());
    this.news = new NewsWatch(this, this.querySelector("[data-fresh]"));
    this.#listen();
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    this.news.stop();
  }

  #listen() {
    this.addEventListener("click", (event) => this.#onClick(event));
    this.filters.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#filter();
    });
    this.filters.addEventListener("change", ({ target }) => target.matches("input[type=date]") && this.#filter());
    // From the words to what was found; letters are keys again there.
    this.filters.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || !event.target.matches("[data-words]")) return;
      event.preventDefault();
      this.#step(1);
    });
    addEventListener("popstate", () => location.reload());
    this.scrolling = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && this.#older(), { rootMargin: "300px" });
    listenToKeys({
      j: () => this.#step(1),
      ArrowDown: () => this.#step(1),
      k: () => this.#step(-1),
      ArrowUp: () => this.#step(-1),
      f: () => this.#focus("[data-words]"),
      g: () => this.#focus("[data-on]"),
      ".": () => this.#showNew(),
      Escape: () => this.side.close(),
    });
  }

  #focus(selector) {
    const field = this.querySelector(selector);
    field.focus();
    field.select?.();
  }

  get #rows() {
    return [...this.body.querySelectorAll("[data-row]")];
  }

  #onClick(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a, button");
    if (!link) return;
    const act = this.#actOf(link);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actOf(link) {
    if (link.matches("[data-side-src]")) return () => this.#openBeside(link);
    if (link.matches("[data-older-link]")) return () => this.#older({ byHand: true });
    if (link.matches("[data-newer-link]")) return () => this.#newer();
    if (link.matches("[data-chip]")) return () => this.#choose(link.dataset.chip);
    if (link.matches("[data-plain]")) return () => this.#plain();
    if (link.matches("[data-fresh]")) return () => this.#showNew();
    if (link.matches("[data-close]")) return () => this.side.close();
    return null;
  }

  // Moving through the list.

  #step(by) {
    const rows = this.#rows;
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const marked = at < 0 ? rows.findIndex((row) => row.classList.contains("is-open")) : at;
    const next = marked < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[marked + by];
    if (!next) return;
    const link = next.querySelector("[data-entry]");
    link.focus();
    if (this.side.isOpen && link.dataset.sideSrc) this.#openBeside(link, { focus: false });
  }

  #openBeside(link, { focus = true } = {}) {
    const row = link.closest("[data-row]");
    for (const each of this.#rows) each.classList.toggle("is-open", each === row);
    this.side.open(link.dataset.sideSrc, row, { focus });
  }

  #afterSide() {
    const row = this.body.querySelector(".is-open");
    row?.classList.remove("is-open");
    row?.querySelector("[data-entry]").focus({ preventScroll: true });
  }

  /** What lies beside makes the list narrower; the row in hand stays where it is on the screen. */
  #keepInPlace({ row, before }) {
    if (row?.isConnected) scrollBy(0, row.getBoundingClientRect().top - before);
  }

  // The list itself.

  async #fetch(path, signal) {
    // htmx's header asks for a plain 401 instead of the sign-in page.
    const answer = await fetch(path, { headers: { "HX-Request": "true" }, cache: "no-store", signal });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  async #part(query) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const html = await this.#fetch(`${this.getAttribute("src")}?${query}`, this.#asking.signal);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.querySelector("[data-part]");
  }

  async #load(query, put) {
    this.body.setAttribute("aria-busy", "true");
    try {
      const part = await this.#part(query);
      put(part);
      return part;
    } catch (error) {
      if (error.name !== "AbortError") toast("The timeline could not be loaded. Try again.", "bad");
      return null;
    } finally {
      this.body.removeAttribute("aria-busy");
    }
  }

  /** Other filters: another list, and the address says so. */
  async #filter() {
    const said = [...new FormData(this.filters)].filter(([, value]) => value);
    this.#query = new URLSearchParams(said).toString();
    history.pushState(null, "", this.#query ? `${this.getAttribute("page")}?${this.#query}` : this.getAttribute("page"));
    this.#mark();
    const part = await this.#load(this.#query, (loaded) => this.body.replaceChildren(loaded));
    if (part) announce(this.#summary);
  }

  #choose(key) {
    this.filters.elements.show.value = key;
    this.#filter();
  }

  #plain() {
    for (const field of this.filters.elements) if (field.name) field.value = "";
    this.#filter();
  }

  #mark() {
    for (const chip of this.querySelectorAll("[data-chip]")) {
      chip.removeAttribute("aria-current");
      if (chip.dataset.chip === this.filters.elements.show.value) chip.setAttribute("aria-current", "true");
    }
  }

  get #summary() {
    const count = this.#rows.length;
    const more = this.body.querySelector("[data-older-link]") ? " and more" : "";
    return count ? `${count} ${count === 1 ? "entry" : "entries"}${more}` : "No entry";
  }

  /** Once somebody asked for older entries, they come by themselves at the end of the list. */
  async #older({ byHand = false } = {}) {
    const link = this.body.querySelector("[data-older-link]");
    if (!link || this.body.hasAttribute("aria-busy")) return;
    const before = this.#rows.length;
    const part = await this.#load(new URL(link.href).searchParams, (loaded) => {
      this.body.querySelector("ol").append(...loaded.querySelectorAll("[data-row]"));
      const next = loaded.querySelector("[data-older-link]")?.parentElement;
      if (next) link.parentElement.replaceWith(next);
      else link.parentElement.remove();
    });
    if (!part) return;
    if (byHand) this.#rows[before]?.querySelector("[data-entry]").focus();
    announce(this.#summary);
    const end = this.body.querySelector("[data-older-link]");
    this.scrolling.disconnect();
    if (end) this.scrolling.observe(end);
  }

  async #newer() {
    const link = this.body.querySelector("[data-newer-link]");
    const first = this.#rows[0];
    const top = first?.getBoundingClientRect().top;
    await this.#load(new URL(link.href).searchParams, (loaded) => {
      this.body.querySelector("ol").prepend(...loaded.querySelectorAll("[data-row]"));
      const next = loaded.querySelector("[data-newer-link]")?.parentElement;
      if (next) link.parentElement.replaceWith(next);
      else link.parentElement.remove();
    });
    if (first) {
      scrollBy(0, first.getBoundingClientRect().top - top);
      (first.previousElementSibling ?? first).querySelector("[data-entry]").focus({ preventScroll: true });
    }
  }

  async #showNew() {
    if (!this.news.waiting) return;
    await this.#load(this.#query, (loaded) => this.body.replaceChildren(loaded));
    this.news.taken();
    this.#rows[0]?.querySelector("[data-entry]").focus();
  }
}

customElements.define("dra-chart", Chart);
