/**
 * <dra-fresh src>: a part of a page that is asked for anew whenever the calendar changes.
 * line: the address of another line of events to listen to.
 * quiet: asked for once, and again only after what is done in it.
 */
import { api, readable } from "../api.js";
import { whyNot } from "../calendar/undo.js";
import { announce, el, toast } from "../dom.js";
import { hourMinute } from "../formats.js";
import { LiveLine } from "./live-line.js";
import { tick } from "./minutes.js";
import { keepingPlace } from "./place.js";

const SETTLED_MS = 150;
const LOOK_AGAIN_MS = 60_000;
const TICK_MS = 10_000;

const WORDS = { live: "Live", stale: "Reconnecting", offline: "Offline" };

class Fresh extends HTMLElement {
  #line = null;
  #timer = null;
  #asking = null;
  #readAt = Date.now();
  #waiting = false;

  connectedCallback() {
    this.body = this.querySelector("[data-body]");
    this.chip = el("span", { class: "live-chip", "data-state": "stale" });
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("focusout", () => this.#waiting && this.#soon());
    this.addEventListener("toggle", () => this.#waiting && this.#soon(), { capture: true });
    if (this.hasAttribute("quiet")) this.refresh();
    else this.#follow();
    this.dataset.ready = "yes";
  }

  #follow() {
    (this.querySelector("[data-live]") ?? this).append(this.chip);
    this.ticking = setInterval(() => tick(this.body, this.#readAt), TICK_MS);
    this.looking = setInterval(() => this.#soon(), LOOK_AGAIN_MS);
    addEventListener("online", () => this.#line?.open());
    addEventListener("offline", () => this.#state("offline"));
    addEventListener("pagehide", () => this.#line?.close());
    addEventListener("pageshow", (event) => event.persisted && this.#line?.open());
    this.#line = new LiveLine(this.getAttribute("line") ?? undefined);
    this.#line.addEventListener("change", () => this.#soon());
    this.#line.addEventListener("state", ({ detail }) => this.#state(detail));
    this.#line.open();
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    clearInterval(this.looking);
    this.#line?.close();
  }

  #state(state) {
    const before = this.chip.dataset.state;
    this.chip.dataset.state = state;
    this.chip.textContent = state === "live" ? WORDS.live : `${WORDS[state]}: as of ${hourMinute(this.#readAt)}`;
    if (before === "live" && state !== "live") announce("This list is no longer live", { urgent: true });
  }

  /** Several changes at once are one look. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), SETTLED_MS);
  }

  /** While somebody types in it or has a form open, the list waits until they are done. */
  get #inUse() {
    const active = document.activeElement;
    const typing = this.body.contains(active) && active.matches("input, select, textarea");
    return typing || this.body.querySelector("details[open] dra-form") !== null;
  }

  /** Ask the server for this part of the page and put it in place. */
  async refresh() {
    this.#waiting = this.#inUse;
    if (this.#waiting) return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      // htmx's header asks for a plain 401 instead of the sign-in page.
      const answer = await fetch(this.getAttribute("src"), {
        headers: { "HX-Request": "true" },
        cache: "no-store",
        signal: this.#asking.signal,
      });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      this.#show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.#state(navigator.onLine ? "stale" : "offline");
    }
  }

  #show(html) {
    this.#readAt = Date.now();
    const said = this.#summary;
    keepingPlace(this.body, () => {
      this.body.innerHTML = html;
    });
    if (this.#summary && this.#summary !== said) announce(this.#summary);
    this.dispatchEvent(new CustomEvent("dra:fresh", { bubbles: true }));
  }

  get #summary() {
    return this.body.querySelector("[data-summary]")?.dataset.summary ?? "";
  }

  /** Buttons with data-post do what they say: a path of the API and perhaps a body. */
  async #onClick(event) {
    const button = event.target.closest("button[data-post]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      const json = button.dataset.json ? JSON.parse(button.dataset.json) : undefined;
      const answer = await api("POST", button.dataset.post, { json, idempotencyKey: crypto.randomUUID() });
      if (button.dataset.go) return location.assign(button.dataset.go.replace("{id}", answer.id));
      if (button.dataset.said) toast(button.dataset.said, "ok");
      this.dispatchEvent(new CustomEvent("dra:done", { bubbles: true, detail: { button, answer } }));
    } catch (error) {
      toast(button.dataset.post.endsWith("/undo") ? whyNot(error) : readable(error), "bad");
    } finally {
      button.removeAttribute("aria-disabled");
    }
    return this.refresh();
  }
}

customElements.define("dra-fresh", Fresh);
