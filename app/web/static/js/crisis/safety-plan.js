/** <dra-safety-plan>: a plan saved as you type, never over somebody else, and published as it was seen. */
import { ApiProblem, Unreachable, api, readable, userId } from "../api.js";
import { announce, dataBlock, toast } from "../dom.js";
import { hourMinute } from "../formats.js";
import { merge } from "../notes/merge.js";
import { askHowToMerge } from "../notes/merge-dialog.js";
import { forgetUnsaved, keepUnsaved, unsavedOf } from "../notes/unsaved.js";
import { fieldFor, textOf } from "./plan-fields.js";

const SAVE_AFTER_MS = 600;
const LONGEST_WAIT_MS = 20_000;
const MERGE_TITLE = "This plan was changed in another window";

class SafetyPlan extends HTMLElement {
  #plan = null;
  #saved = {};
  #fields = new Map();
  #timer = null;
  #saving = null;
  #failures = 0;

  async connectedCallback() {
    this.status = document.querySelector("[data-save-state]");
    this.refused = this.querySelector("[data-refused]");
    for (const root of this.querySelectorAll("[data-key]")) {
      const field = fieldFor(root, () => this.#changed());
      this.#fields.set(field.key, field);
    }
    this.#adopt(dataBlock("safety-plan-data"));
    this.#listen();
    await this.#restore();
    this.dataset.ready = "yes";
  }

  #listen() {
    this.querySelector("[data-publish]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#publish();
    });
    for (const button of document.querySelectorAll("[data-service-phone]")) {
      button.addEventListener("click", () => this.#offer(button.dataset));
    }
    addEventListener("online", () => this.#save());
    addEventListener("beforeunload", (event) => {
      if (this.#isDirty()) event.preventDefault();
    });
  }

  #offer({ serviceName, servicePhone }) {
    const added = this.#fields.get("professionals").offer(serviceName, servicePhone);
    toast(added ? `${servicePhone} now stands in step 5.` : `${servicePhone} stands in step 5 already.`, "ok");
  }

  #show(state, text) {
    if (this.status.textContent === text) return;
    this.status.dataset.saveState = state;
    this.status.textContent = text;
  }

  #labelOf(key) {
    return this.#fields.get(key).label;
  }

  #adopt(plan) {
    this.#plan = plan;
    this.#saved = Object.fromEntries([...this.#fields.keys()].map((key) => [key, textOf(plan.content[key])]));
  }

  #texts() {
    return Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.text]));
  }

  #dirty() {
    return Object.fromEntries(Object.entries(this.#texts()).filter(([key, text]) => text !== this.#saved[key]));
  }

  #isDirty() {
    return Object.keys(this.#dirty()).length > 0;
  }

  #changed() {
    this.#show("editing", "Typing…");
    keepUnsaved(userId(), this.#plan.id, this.#plan.version, this.#dirty()).catch(() => {});
    this.#schedule(SAVE_AFTER_MS);
  }

  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), milliseconds);
  }

  /** One request at a time; resolves true when nothing is left to save. */
  async #save() {
    clearTimeout(this.#timer);
    if (this.#saving) {
      await this.#saving;
      return this.#isDirty() ? this.#save() : true;
    }
    if (!this.#isDirty()) return this.#clean();
    this.#saving = this.#send();
    const saved = await this.#saving;
    this.#saving = null;
    if (saved && this.#isDirty()) this.#schedule(SAVE_AFTER_MS);
    return saved && !this.#isDirty();
  }

  async #clean() {
    await forgetUnsaved(userId(), this.#plan.id).catch(() => {});
    this.#show("saved", `Saved ${hourMinute(new Date())}`);
    return true;
  }

  async #send() {
    this.#show("saving", "Saving…");
    const json = Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.value]));
    try {
      const { id, version } = this.#plan;
      this.#adopt(await api("PUT", `/safety-plans/${id}/working-copy`, { json, version }));
      this.#failures = 0;
      if (!this.#isDirty()) await this.#clean();
      return true;
    } catch (error) {
      return this.#recover(error);
    }
  }

  async #recover(error) {
    if (error instanceof ApiProblem && error.status === 412) return this.#reconcile();
    if (error instanceof Unreachable || (error instanceof ApiProblem && error.passing)) {
      this.#failures += 1;
      this.#show("offline", "Not saved: the server cannot be reached. Your text is kept in this browser.");
      this.#schedule(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.#failures));
      return false;
    }
    this.#show("problem", `Not saved: ${readable(error)}`);
    announce(this.status.textContent, { urgent: true });
    return false;
  }

  /** Somebody else saved first: take what only they changed, ask about what both changed. */
  async #reconcile() {
    this.#show("conflict", "Changed in another window");
    const current = await api("GET", `/safety-plans/${this.#plan.id}`);
    const theirs = Object.fromEntries([...this.#fields.keys()].map((key) => [key, textOf(current.content[key])]));
    const { merged, theirsOnly, conflicts } = merge(this.#saved, this.#texts(), theirs);
    if (conflicts.length) {
      const decided = await askHowToMerge(conflicts, (key) => this.#labelOf(key), MERGE_TITLE);
      if (!decided) return false;
      Object.assign(merged, decided);
    }
    for (const [key, field] of this.#fields) field.setText(merged[key]);
    this.#adopt(current);
    if (theirsOnly.length) toast(`Taken over from another window: ${theirsOnly.map((key) => this.#labelOf(key)).join(", ")}`);
    this.#schedule(0);
    return true;
  }

  /** Text typed before a crash or a lost session comes back. */
  async #restore() {
    const kept = await unsavedOf(userId(), this.#plan.id).catch(() => null);
    const sections = Object.entries(kept?.sections ?? {}).filter(([key, text]) => text !== this.#saved[key]);
    if (!sections.length) return;
    let texts = Object.fromEntries(sections);
    if (kept.version !== this.#plan.version) {
      const conflicts = sections.map(([key, mine]) => ({ key, mine, theirs: this.#saved[key] }));
      texts = await askHowToMerge(conflicts, (key) => this.#labelOf(key), MERGE_TITLE);
      if (!texts) return;
    }
    for (const [key, text] of Object.entries(texts)) this.#fields.get(key).setText(text);
    toast("What you had typed before was brought back.", "ok");
    this.#schedule(0);
  }

  async #publish() {
    this.refused.hidden = true;
    const days = this.querySelector("#review_in_days");
    if (!days.validity.valid) return this.#refuse(`After how many days? ${days.validationMessage}`, days);
    if (!(await this.#save())) return this.#refuse("Not everything is saved yet; publishing waits until it is.");
    try {
      const json = { version: this.#plan.version, review_in_days: Number(days.value) };
      await api("POST", `/safety-plans/${this.#plan.id}/publications`, { json });
      location.reload();
    } catch (error) {
      const at = error instanceof ApiProblem ? error.facts.errors?.[0]?.at.at(-1) : null;
      this.#refuse(readable(error), this.#fields.get(at)?.root);
    }
    return undefined;
  }

  #refuse(text, input = null) {
    this.refused.textContent = text;
    this.refused.hidden = false;
    (input ?? this.refused).focus();
  }
}

customElements.define("dra-safety-plan", SafetyPlan);
