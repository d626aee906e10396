/** <dra-note-editor>: the draft, section by section, saved as you type and never over somebody else. */
import { api } from "../api.js";
import { dataBlock, toast } from "../dom.js";
import { Saving } from "../saving/saving.js";
import { Doubts } from "./doubts.js";
import { openWords } from "./open-words.js";
import { SectionField } from "./section-field.js";
import { Signals } from "./signals.js";
import { askToSign } from "./sign-dialog.js";

class NoteEditor extends HTMLElement {
  #fields = new Map();
  #accepting = new Set();

  async connectedCallback() {
    this.current = dataBlock("note-data");
    this.saving = new Saving(this, document.querySelector("[data-save-state]"));
    for (const root of this.querySelectorAll(".note-field")) {
      const field = new SectionField(root, { onInput: () => this.saving.changed() });
      this.#fields.set(field.key, field);
    }
    this.doubts = new Doubts(document.getElementById("doubts"), {
      onAccept: (words) => this.#accept(words),
      onEdit: (point) => this.#edit(point),
      labelOf: (key) => this.labelOf(key),
    });
    this.signals = new Signals(document.getElementById("signals"), {
      noteId: this.current.id,
      onShow: (waiting) => this.#showDangers(waiting),
      onGo: (signal) => this.#fields.get(signal.section)?.selectText(signal.quote),
      labelOf: (key) => this.labelOf(key),
    });
    this.adopt(this.current);
    this.#listen();
    await this.signals.look();
    await this.saving.restore();
    this.dataset.ready = "yes";
  }

  #listen() {
    document.querySelector("[data-sign]").addEventListener("click", () => this.sign());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.sign();
    });
  }

  labelOf(key) {
    return this.#fields.get(key)?.label ?? key.charAt(0).toUpperCase() + key.slice(1);
  }

  /** Take a note from the server as the new base; what was typed meanwhile stays. */
  adopt(note, before = null) {
    this.current = note;
    for (const [key, field] of this.#fields) {
      const section = note.body.sections[key];
      if (before && field.text === before[key]) field.setText(section.text);
      field.update(section, openWords(note));
    }
    this.doubts.show(openWords(note));
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

  texts() {
    return Object.fromEntries([...this.#fields].map(([key, field]) => [key, field.text]));
  }

  textsOf(note) {
    return Object.fromEntries(Object.entries(note.body.sections).map(([key, one]) => [key, one.text]));
  }

  setText(key, text) {
    this.#fields.get(key)?.setText(text);
  }

  #accept(words) {
    for (const word of words) this.#accepting.add(word);
    return this.saving.save();
  }

  #edit(point) {
    const field = [...this.#fields.values()].find((one) => one.select(point.indexes));
    if (!field) this.#fields.get(point.section)?.area.focus();
  }

  hasMore() {
    return this.#accepting.size > 0;
  }

  load() {
    return api("GET", `/notes/${this.current.id}`);
  }

  async send(sections) {
    const accepted = [...this.#accepting];
    const json = { sections, accepted_words: accepted };
    const note = await api("PUT", `/notes/${this.current.id}/draft`, { json, version: this.current.version });
    for (const word of accepted) this.#accepting.delete(word);
    return note;
  }

  saved() {
    this.signals.look();
    this.dispatchEvent(new CustomEvent("note-saved", { bubbles: true }));
  }

  restored() {
    for (const field of this.#fields.values()) field.draw();
  }

  closed(note) {
    const signed = "This note has been signed meanwhile. Your text is kept in this browser; add it as an addendum.";
    return note.version === null ? signed : null;
  }

  /** Save, then ask what is open and sign. */
  async sign() {
    if (!(await this.saving.save())) {
      toast("Not everything is saved yet; signing waits until it is.", "warn");
      return;
    }
    const outcome = await askToSign(this.current, (key) => this.labelOf(key));
    if (outcome === "signed") location.reload();
    if (outcome !== "signals") return;
    await this.signals.look();
    this.signals.focus();
    toast("Not signed: confirm or dismiss each possible danger sign, then sign.", "warn");
  }
}

customElements.define("dra-note-editor", NoteEditor);
