/**
 * The rows of the queue: changed in place, new ones behind a button, those that go out of the way
 * when nobody is on them. The row under the pointer or the focus never moves.
 */
import { announce, el } from "../dom.js";
import { keepingPlace } from "../today/place.js";

const LEAVE_MS = 2500;
const BATCH_MS = 1000; // one request a second at most
const TRY_AGAIN_MS = 5000;
const SOON_MS = 120;
const MOST_IDS = 60;

const ROW = "[data-row]";
const idOf = (row) => row.dataset.row;

/** Events: "count" (how many wait behind the button), "shown", "critical" (a critical one has come). */
export class Rows extends EventTarget {
  #waiting = new Map();
  #asked = new Set();
  #timer = null;
  #last = 0;
  #leaving = null;

  constructor(body, { ask, fresh }) {
    super();
    this.body = body;
    this.ask = ask;
    this.fresh = fresh;
    body.addEventListener("pointerleave", () => this.#sweepSoon(SOON_MS));
    body.addEventListener("pointerover", () => this.#sweepSoon(SOON_MS));
    body.addEventListener("focusout", () => this.#sweepSoon(SOON_MS));
    fresh.addEventListener("click", () => this.showNew());
  }

  get list() {
    return this.body.querySelector("[data-rows]");
  }

  get all() {
    return [...this.list.querySelectorAll(ROW)];
  }

  row(id) {
    return this.list.querySelector(`[data-row="${CSS.escape(id)}"]`);
  }

  /** The row the keyboard is on, or the one under the pointer. */
  get current() {
    return document.activeElement?.closest?.(ROW) ?? null;
  }

  get ids() {
    return [...this.all.map(idOf), ...this.#waiting.keys()];
  }

  /** The whole list anew: the reader asked for it. */
  replace(html) {
    this.#waiting.clear();
    this.#asked.clear();
    this.body.innerHTML = html;
    this.#listChanged();
  }

  /** Further rows below. */
  append(part) {
    const known = new Set(this.ids);
    this.list.append(...[...part.querySelectorAll(ROW)].filter((row) => !known.has(idOf(row))));
    this.#listChanged();
  }

  /** The list as it is now on the server, without anything being pushed about. */
  merge(part) {
    const found = [...part.querySelectorAll(ROW)];
    const there = new Set(found.map(idOf));
    const known = new Set(this.ids);
    for (const row of found) {
      if (known.has(idOf(row))) this.#take(row);
      else this.changed(idOf(row)); // the list may be older than what is known of it by now
    }
    // What lies behind the last row is not on this page: it is asked for by name.
    for (const id of known) if (!there.has(id)) this.changed(id);
    this.#listChanged();
  }

  /** Something happened to an item: look at it with the next batch. */
  changed(id) {
    this.#asked.add(id);
    this.#lookIn(Math.max(SOON_MS, this.#last + BATCH_MS - Date.now()));
  }

  #lookIn(wait) {
    this.#timer ??= setTimeout(() => this.#look(), wait);
  }

  /** Now, because the reader did it. */
  async changedHere(id) {
    this.#asked.add(id);
    await this.#look();
  }

  async #look() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const ids = [...this.#asked].slice(0, MOST_IDS);
    if (!ids.length) return;
    for (const id of ids) this.#asked.delete(id);
    this.#last = Date.now();
    const part = await this.ask(ids).catch(() => null);
    if (part) this.#settle(part);
    else for (const id of ids) this.#asked.add(id);
    if (this.#asked.size) this.#lookIn(part ? BATCH_MS : TRY_AGAIN_MS);
  }

  #settle(part) {
    for (const row of part.querySelectorAll(ROW)) this.#take(row);
    for (const gone of part.querySelectorAll("[data-gone]")) this.#leave(gone.dataset.gone, gone.textContent);
    this.#listChanged();
  }

  #take(row) {
    const id = idOf(row);
    const old = this.row(id);
    if (old) this.#put(old, row);
    else this.#wait(id, row);
  }

  /** In place, with the focus and the tick where they were. */
  #put(old, row) {
    if (Number(row.dataset.version) < Number(old.dataset.version)) return; // an answer that was overtaken
    if (old.outerHTML === row.outerHTML) return;
    const ticked = old.querySelector("[data-tick]")?.checked;
    if (old.classList.contains("is-open")) row.classList.add("is-open");
    keepingPlace(this.body, () => old.replaceWith(row));
    const tick = row.querySelector("[data-tick]");
    if (tick && ticked) tick.checked = true;
    row.classList.add("is-touched");
  }

  /** Out of the list's reach until the reader asks for it. */
  #wait(id, row) {
    if (!this.#waiting.has(id) && row.dataset.severity === "critical") this.dispatchEvent(new CustomEvent("critical"));
    this.#waiting.set(id, row);
  }

  #leave(id, word) {
    this.#waiting.delete(id);
    const row = this.row(id);
    if (!row || (row.classList.contains("is-leaving") && row.querySelector(".q-gone")?.textContent === word)) return;
    row.querySelector(".q-gone")?.remove();
    row.classList.add("is-leaving");
    row.dataset.moves = "";
    row.dataset.since = String(Date.now());
    row.append(el("span", { class: "q-gone" }, word));
    this.#sweepSoon(LEAVE_MS);
  }

  /** Rows that go, go when nobody is on them and nothing in use would move. */
  #sweepSoon(wait) {
    clearTimeout(this.#leaving);
    if (this.list?.querySelector(".is-leaving")) this.#leaving = setTimeout(() => this.#sweep(), wait);
  }

  #sweep() {
    const held = this.current ?? this.list.querySelector(`${ROW}:hover`);
    const due = Date.now() - LEAVE_MS + SOON_MS;
    for (const row of [...this.list.querySelectorAll(".is-leaving")].reverse()) {
      if (row === held || row.contains(document.activeElement) || Number(row.dataset.since) > due) continue;
      if (this.#wouldMove(row, held)) continue;
      keepingPlace(this.body, () => row.remove());
    }
    this.#listChanged();
    this.#sweepSoon(LEAVE_MS);
  }

  /** Without room to scroll, what is taken away above moves what is below. */
  #wouldMove(row, held) {
    if (!held || !(row.compareDocumentPosition(held) & Node.DOCUMENT_POSITION_FOLLOWING)) return false;
    return scrollY < row.getBoundingClientRect().height;
  }

  /** A row that was taken back stays. */
  stay(id) {
    const row = this.row(id);
    row?.classList.remove("is-leaving");
    row?.querySelector(".q-gone")?.remove();
  }

  /** Put what waits where it belongs. */
  showNew() {
    const fresh = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const row of fresh) {
      row.classList.add("is-unseen");
      this.#insert(row);
    }
    this.#listChanged();
    if (!fresh.length) return;
    const first = fresh.sort((a, b) => (a.dataset.key < b.dataset.key ? -1 : 1))[0];
    this.focus(first);
    announce(`${fresh.length} new shown`);
  }

  /** One that the reader made or took: where it belongs at once, and in hand. */
  showOne(id) {
    const row = this.#waiting.get(id);
    if (row) {
      this.#waiting.delete(id);
      this.#insert(row);
      this.#listChanged();
    }
    this.focus(this.row(id));
  }

  #insert(row) {
    const next = this.all.find((each) => each.dataset.key > row.dataset.key);
    if (next) next.before(row);
    else this.list.append(row);
  }

  get newest() {
    return this.#waiting.size;
  }

  /** Whether anything critical waits behind the button. */
  get criticalWaits() {
    return [...this.#waiting.values()].some((row) => row.dataset.severity === "critical");
  }

  focus(row) {
    row?.querySelector("[data-open]")?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  /** One row on, or back; from where the focus is, else from the row that lies open. */
  step(by) {
    const all = this.all;
    if (!all.length) return;
    const at = all.indexOf(this.current ?? this.list.querySelector(".is-open"));
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
    this.focus(all[next]);
  }

  #listChanged() {
    const empty = this.body.querySelector("[data-empty]");
    if (empty) empty.hidden = this.all.length > 0;
    this.dispatchEvent(new CustomEvent("count"));
  }
}
