/** Text saved as it is typed: one request at a time, never over somebody else, and nothing lost. */
import { ApiProblem, Unreachable, readable, userId } from "../api.js";
import { announce, toast } from "../dom.js";
import { hourMinute } from "../formats.js";
import { merge } from "./merge.js";
import { askHowToMerge } from "./merge-dialog.js";
import { forgetUnsaved, keepUnsaved, unsavedOf } from "./unsaved.js";

const SAVE_AFTER_MS = 600;
const LONGEST_WAIT_MS = 20_000;

/**
 * What is written on a page, and what the server has of it. The page says how:
 *
 * - `current`: what the server sent last, with its `id` and `version`
 * - `texts()`: what stands on the page, by key; `textsOf(sent)`: the same of what the server sent
 * - `send(changed)` and `load()`: give what the server has then
 * - `adopt(sent, before)`: takes that over; `before`: what stood on the page when it was sent
 * - `setText(key, text)`, `labelOf(key)`, `mergeTitle`
 * - perhaps `hasMore()`: there is something to send besides text; `saved()`, `restored()`: afterwards;
 *   `closed(sent)`: why nothing can be saved any more
 */
export class Saving {
  #timer = null;
  #saving = null;
  #failures = 0;

  constructor(page, status) {
    this.page = page;
    this.status = status;
    addEventListener("online", () => this.save());
    addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
  }

  get #dirty() {
    const saved = this.page.textsOf(this.page.current);
    return Object.fromEntries(Object.entries(this.page.texts()).filter(([key, text]) => text !== (saved[key] ?? "")));
  }

  get isDirty() {
    return Object.keys(this.#dirty).length > 0;
  }

  get #hasMore() {
    return this.page.hasMore?.() ?? false;
  }

  show(state, text) {
    if (this.status.textContent === text) return;
    this.status.dataset.saveState = state;
    this.status.textContent = text;
  }

  changed() {
    this.show("editing", "Typing…");
    keepUnsaved(userId(), this.page.current.id, this.page.current.version, this.#dirty).catch(() => {});
    this.#schedule(SAVE_AFTER_MS);
  }

  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), milliseconds);
  }

  /** One request at a time; resolves true when nothing is left to save. */
  async save() {
    clearTimeout(this.#timer);
    if (this.#saving) {
      await this.#saving;
      return this.isDirty || this.#hasMore ? this.save() : true;
    }
    if (!this.isDirty && !this.#hasMore) return this.#clean();
    this.#saving = this.#send();
    const saved = await this.#saving;
    this.#saving = null;
    if (saved && this.isDirty) this.#schedule(SAVE_AFTER_MS);
    return saved && !this.isDirty;
  }

  async #clean() {
    await forgetUnsaved(userId(), this.page.current.id).catch(() => {});
    this.show("saved", `Saved ${hourMinute(new Date())}`);
    return true;
  }

  async #send() {
    this.show("saving", "Saving…");
    const before = this.page.texts();
    try {
      const sent = await this.page.send(this.#dirty);
      this.#failures = 0;
      this.page.adopt(sent, before);
      if (!this.isDirty) {
        await this.#clean();
        this.page.saved?.();
      }
      return true;
    } catch (error) {
      return this.#recover(error);
    }
  }

  async #recover(error) {
    if (error instanceof ApiProblem && error.status === 412) return this.#reconcile();
    if (error instanceof Unreachable || (error instanceof ApiProblem && error.passing)) {
      this.#failures += 1;
      this.show("offline", "Not saved: the server cannot be reached. Your text is kept in this browser.");
      this.#schedule(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.#failures));
      return false;
    }
    this.show("problem", `Not saved: ${readable(error)}`);
    announce(this.status.textContent, { urgent: true });
    return false;
  }

  /** Somebody else saved first: take what only they changed, ask about what both changed. */
  async #reconcile() {
    this.show("conflict", "Changed in another window");
    const theirs = await this.page.load();
    const closed = this.page.closed?.(theirs);
    if (closed) {
      this.show("problem", closed);
      return false;
    }
    const base = this.page.textsOf(this.page.current);
    const { merged, theirsOnly, conflicts } = merge(base, this.page.texts(), this.page.textsOf(theirs));
    if (conflicts.length) {
      const decided = await this.#ask(conflicts);
      if (!decided) return false;
      Object.assign(merged, decided);
    }
    for (const key of Object.keys(this.page.texts())) this.page.setText(key, merged[key]);
    this.page.adopt(theirs, null);
    if (theirsOnly.length) toast(`Taken over from another window: ${theirsOnly.map((key) => this.page.labelOf(key)).join(", ")}`);
    this.#schedule(0);
    return true;
  }

  #ask(conflicts) {
    return askHowToMerge(conflicts, (key) => this.page.labelOf(key), this.page.mergeTitle);
  }

  /** Text typed before a crash or a lost session comes back. */
  async restore() {
    const { id, version } = this.page.current;
    const kept = await unsavedOf(userId(), id).catch(() => null);
    const saved = this.page.textsOf(this.page.current);
    const known = Object.entries(kept?.sections ?? {}).filter(([key, text]) => key in saved && text !== saved[key]);
    if (!known.length) return;
    let texts = Object.fromEntries(known);
    if (kept.version !== version) {
      texts = await this.#ask(known.map(([key, mine]) => ({ key, mine, theirs: saved[key] })));
      if (!texts) return;
    }
    for (const [key, text] of Object.entries(texts)) this.page.setText(key, text);
    this.page.restored?.();
    toast("What you had typed before was brought back.", "ok");
    this.#schedule(0);
  }
}
