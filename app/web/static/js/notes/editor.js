/** <dra-note-editor>: the draft, section by section, saved as you type and never over somebody else. */
import { ApiProblem, Unreachable, api, readable, userId } from "../api.js";
import { announce, dataBlock, toast } from "../dom.js";
import { hourMinute } from "../formats.js";
import { Doubts } from "./doubts.js";
import { askHowToMerge } from "./merge-dialog.js";
import { merge } from "./merge.js";
import { openWords } from "./open-words.js";
import { SectionField } from "./section-field.js";
import { Signals } from "./signals.js";
import { askToSign } from "./sign-dialog.js";
import { forgetUnsaved, keepUnsaved, unsavedOf } from "./unsaved.js";

const SAVE_AFTER_MS = 600;
const LONGEST_WAIT_MS = 20_000;

const textsOf = (note) => Object.fromEntries(Object.entries(note.body.sections).map(([key, one]) => [key, one.text]));

class NoteEditor extends HTMLElement {
  #note = null;
  #saved = {};
  #fields = new Map();
  #accepting = new Set();
  #timer = null;
  #saving = null;
  #failures = 0;

  async connectedCallback() {
    this.status = document.querySelector("[data-save-state]");
    for (const root of this.querySelectorAll(".note-field")) {
      const field = new SectionField(root, { onInput: () => this.#changed() });
      this.#fields.set(field.key, field);
    }
    this.doubts = new Doubts(document.getElementById("doubts"), {
      onAccept: (words) => this.#accept(words),
      onEdit: (point) => this.#edit(point),
      labelOf: (key) => this.#labelOf(key),
    });
    const note = dataBlock("note-data");
    this.signals = new Signals(document.getElementById("signals"), {
      noteId: note.id,
      onShow: (waiting) => this.#showDangers(waiting),
      onGo: (signal) => this.#fields.get(signal.section)?.selectText(signal.quote),
      labelOf: (key) => this.#labelOf(key),
    });
    this.#adopt(note);
    this.#listen();
    await this.signals.look();
    await this.#restore();
    this.dataset.ready = "yes";
  }

  #listen() {
    document.querySelector("[data-sign]").addEventListener("click", () => this.sign());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.sign();
    });
    addEventListener("online", () => this.#save());
    addEventListener("beforeunload", (event) => {
      if (this.#isDirty()) event.preventDefault();
    });
  }

  #labelOf(key) {
    return this.#fields.get(key)?.label ?? key.charAt(0).toUpperCase() + key.slice(1);
  }

  #show(state, text) {
    this.status.dataset.saveState = state;
    this.status.textContent = text;
  }

  /** Take a note from the server as the new base; what was typed meanwhile stays. */
  #adopt(note, sent = null) {
    this.#note = note;
    this.#saved = textsOf(note);
    for (const [key, field] of this.#fields) {
      const section = note.body.sections[key];
      if (sent && field.text === sent[key]) field.setText(section.text);
      field.update(section, openWords(this.#note));
    }
    this.doubts.show(openWords(this.#note));
  }

  /** In each section what was found in it; the answer is given in the panel. */
  #showDangers(waiting) {
    for (const [key, field] of this.#fields) {
      const here = waiting.filter(({ section }) => section === key);
      field.showDangers(
        here.map((signal) => ({
          quote: signal.quote,
          name: this.signals.nameOf(signal),
          onAnswer: () => document.querySelector(`[data-signal="${signal.id}"] button`)?.focus(),
        })),
      );
    }
  }

  #texts() {
    return Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.text]));
  }

  #dirty() {
    return Object.fromEntries(Object.entries(this.#texts()).filter(([key, text]) => text !== (this.#saved[key] ?? "")));
  }

  #isDirty() {
    return Object.keys(this.#dirty()).length > 0;
  }

  #changed() {
    this.#show("editing", "Typing…");
    keepUnsaved(userId(), this.#note.id, this.#note.version, this.#dirty()).catch(() => {});
    this.#schedule(SAVE_AFTER_MS);
  }

  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), milliseconds);
  }

  #accept(words) {
    for (const word of words) this.#accepting.add(word);
    return this.#save();
  }

  #edit(point) {
    const field = [...this.#fields.values()].find((one) => one.select(point.indexes));
    if (!field) this.#fields.get(point.section)?.area.focus();
  }

  /** One request at a time; resolves true when nothing is left to save. */
  async #save() {
    clearTimeout(this.#timer);
    if (this.#saving) {
      await this.#saving;
      return this.#isDirty() || this.#accepting.size ? this.#save() : true;
    }
    const sections = this.#dirty();
    if (!Object.keys(sections).length && !this.#accepting.size) return this.#clean();
    this.#saving = this.#send(sections, [...this.#accepting]);
    const saved = await this.#saving;
    this.#saving = null;
    if (saved && this.#isDirty()) this.#schedule(SAVE_AFTER_MS);
    return saved && !this.#isDirty();
  }

  async #clean() {
    await forgetUnsaved(userId(), this.#note.id).catch(() => {});
    this.#show("saved", `Saved ${hourMinute(new Date())}`);
    return true;
  }

  async #send(sections, accepted) {
    this.#show("saving", "Saving…");
    const sent = this.#texts();
    try {
      const json = { sections, accepted_words: accepted };
      const note = await api("PUT", `/notes/${this.#note.id}/draft`, { json, version: this.#note.version });
      for (const word of accepted) this.#accepting.delete(word);
      this.#failures = 0;
      this.#adopt(note, sent);
      if (!this.#isDirty()) {
        await this.#clean();
        this.signals.look();
        this.dispatchEvent(new CustomEvent("note-saved", { bubbles: true }));
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
    const current = await api("GET", `/notes/${this.#note.id}`);
    if (current.version === null) {
      this.#show("problem", "This note has been signed meanwhile. Your text is kept in this browser; add it as an addendum.");
      return false;
    }
    const { merged, theirsOnly, conflicts } = merge(this.#saved, this.#texts(), textsOf(current));
    if (conflicts.length) {
      const decided = await askHowToMerge(conflicts, (key) => this.#labelOf(key));
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
    const kept = await unsavedOf(userId(), this.#note.id).catch(() => null);
    if (!kept || !Object.keys(kept.sections).length) return;
    if (kept.version === this.#note.version) {
      for (const [key, text] of Object.entries(kept.sections)) this.#fields.get(key)?.setText(text);
    } else {
      const conflicts = Object.entries(kept.sections)
        .filter(([key, text]) => this.#saved[key] !== undefined && text !== this.#saved[key])
        .map(([key, mine]) => ({ key, mine, theirs: this.#saved[key] }));
      const decided = conflicts.length ? await askHowToMerge(conflicts, (key) => this.#labelOf(key)) : {};
      if (!decided) return;
      for (const [key, text] of Object.entries(decided)) this.#fields.get(key).setText(text);
    }
    for (const field of this.#fields.values()) field.draw();
    toast("What you had typed before was brought back.", "ok");
    this.#schedule(0);
  }

  /** Save, then ask what is open and sign. */
  async sign() {
    if (!(await this.#save())) {
      toast("Not everything is saved yet; signing waits until it is.", "warn");
      return;
    }
    const outcome = await askToSign(this.#note, (key) => this.#labelOf(key));
    if (outcome === "signed") location.reload();
    if (outcome !== "signals") return;
    await this.signals.look();
    this.signals.focus();
    toast("Not signed: confirm or dismiss each possible danger sign, then sign.", "warn");
  }
}

customElements.define("dra-note-editor", NoteEditor);
