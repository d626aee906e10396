/** <dra-transcript recording-id low-confidence>: what was heard; every word can be heard again. */
import { api, readable } from "../api.js";
import { el, icon } from "../dom.js";
import { clock, percent, unheardReason } from "../formats.js";

class Transcript extends HTMLElement {
  #words = [];
  #current = null;
  #known = new Set();
  #unheard = [];

  connectedCallback() {
    this.list = el("ol", { class: "utterances" });
    this.hint = el("p", { class: "muted transcript-hint" });
    this.replaceChildren(this.hint, this.list);
    this.low = Number(this.getAttribute("low-confidence")) || 0.55;
    this.list.addEventListener("click", (event) => this.#onClick(event));
    this.playable = Boolean(document.querySelector("dra-player"));
    document.addEventListener("dra:time", ({ detail }) => {
      if (detail.playing) this.#follow(detail.seconds);
    });
    document.addEventListener("dra:recording", () => this.#clear());
    document.addEventListener("dra:utterance", ({ detail }) => this.add(detail.utterance));
    document.addEventListener("dra:highlight", ({ detail }) => this.highlight(detail.words));
    if (this.hasAttribute("complete")) this.load();
    else if (this.hasAttribute("none")) this.#hint("There is no transcript of this recording.");
    else this.#hint("The words appear here as they are recognised.");
  }

  #hint(text) {
    this.hint.textContent = text;
    this.hint.hidden = !text;
  }

  /** Fetch the finished transcript. */
  async load() {
    this.#hint("Loading the transcript…");
    try {
      const transcript = await api("GET", `/recordings/${this.getAttribute("recording-id")}/transcript`);
      this.show(transcript);
    } catch (error) {
      this.#hint(readable(error));
    }
  }

  show(transcript) {
    this.transcript = transcript;
    this.low = transcript.low_confidence ?? this.low;
    this.#clear();
    this.#unheard = [...(transcript.unheard ?? [])];
    for (const utterance of transcript.utterances) this.add(utterance);
    this.#showUnheard(Infinity);
    this.#hint(transcript.utterances.length ? "" : "No words were recognised.");
    const spans = transcript.utterances.map(({ start, end }) => [start, end]);
    customElements.whenDefined("dra-player").then(() => document.querySelector("dra-player")?.showSpeech(spans));
    document.dispatchEvent(new CustomEvent("dra:transcript", { detail: { transcript } }));
  }

  /** Another recording begins: its utterances are counted from nought again. */
  #clear() {
    this.list.replaceChildren();
    this.#known.clear();
    this.#words = [];
    this.#current = null;
  }

  /** Append one utterance; the same one again is ignored. */
  add(utterance) {
    if (this.#known.has(utterance.index)) return;
    this.#known.add(utterance.index);
    this.#hint("");
    this.#showUnheard(utterance.start);
    const words = utterance.words.flatMap((word) => [this.#word(word), " "]);
    this.list.append(el("li", {}, this.#timeButton(utterance), el("p", {}, words)));
  }

  /** Plays a stretch; only its time where there is no player, as while dictating. */
  #timeButton({ start, end }) {
    if (!this.playable) return el("span", { class: "utterance-time" }, clock(start));
    const label = `Play from ${clock(start)}`;
    const attributes = { class: "button small utterance-play", type: "button", "aria-label": label };
    return el("button", { ...attributes, "data-start": start, "data-end": end }, icon("play"), clock(start));
  }

  /** Stretches for which there are no words stand where they belong, so that nobody is misled. */
  #showUnheard(before) {
    while (this.#unheard.length && this.#unheard[0].start < before) {
      const span = this.#unheard.shift();
      this.list.append(el("li", { class: "gap" }, this.#timeButton(span), el("span", {}, unheardReason(span.reason))));
    }
  }

  #word(word) {
    const node = word.probability < this.low ? this.#unsureWord(word) : el("span", { class: "w" }, word.text);
    if (this.playable) {
      node.dataset.start = word.start;
      node.dataset.end = word.end;
    }
    node.dataset.index = word.index;
    this.#words.push(node);
    return node;
  }

  /** Marked by more than colour, and a button only where it can be heard. */
  #unsureWord(word) {
    const sure = percent(word.probability);
    if (!this.playable) return el("span", { class: "w unsure", title: `Uncertain: ${sure}` }, word.text);
    const label = `${word.text}, uncertain, ${sure}. Play`;
    return el("button", { class: "w unsure", type: "button", "aria-label": label }, word.text);
  }

  #onClick(event) {
    const target = event.target.closest("[data-start][data-end]");
    if (!target) return;
    const detail = { start: Number(target.dataset.start), end: Number(target.dataset.end) };
    document.dispatchEvent(new CustomEvent("dra:play", { detail }));
  }

  /** Mark the word being heard; binary search, because a long dictation has many thousands. */
  #follow(seconds) {
    let low = 0;
    let high = this.#words.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (Number(this.#words[middle].dataset.start) <= seconds) low = middle;
      else high = middle - 1;
    }
    const word = this.#words[low];
    const heard = word && seconds >= Number(word.dataset.start) && seconds <= Number(word.dataset.end) + 0.4;
    if (this.#current && this.#current !== word) this.#current.classList.remove("now");
    if (word) word.classList.toggle("now", heard);
    this.#current = word;
  }

  /** Show which words a sentence of the note rests on: [first, last] or null. */
  highlight(range) {
    let first = null;
    for (const node of this.#words) {
      const index = Number(node.dataset.index);
      const inside = range !== null && index >= range[0] && index <= range[1];
      node.classList.toggle("cited", inside);
      if (inside) first ??= node;
    }
    first?.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("dra-transcript", Transcript);
