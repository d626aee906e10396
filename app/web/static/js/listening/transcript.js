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
    document.addEventListener("dra:time", ({ detail }) => this.#follow(detail.seconds));
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
    this.list.replaceChildren();
    this.#known.clear();
    this.#words = [];
    this.#unheard = [...(transcript.unheard ?? [])];
    for (const utterance of transcript.utterances) this.add(utterance);
    this.#showUnheard(Infinity);
    this.#hint(transcript.utterances.length ? "" : "No words were recognised.");
    const spans = transcript.utterances.map(({ start, end }) => [start, end]);
    customElements.whenDefined("dra-player").then(() => document.querySelector("dra-player")?.showSpeech(spans));
    document.dispatchEvent(new CustomEvent("dra:transcript", { detail: { transcript } }));
  }

  /** Append one utterance; the same one again is ignored. */
  add(utterance) {
    if (this.#known.has(utterance.index)) return;
    this.#known.add(utterance.index);
    this.#hint("");
    this.#showUnheard(utterance.start);
    const play = el(
      "button",
      { class: "button small utterance-play", type: "button", "aria-label": `Play from ${clock(utterance.start)}` },
      icon("play"),
      clock(utterance.start),
    );
    play.dataset.start = utterance.start;
    play.dataset.end = utterance.end;
    const words = utterance.words.flatMap((word) => [this.#word(word), " "]);
    this.list.append(el("li", { "data-start": utterance.start }, play, el("p", {}, words)));
  }

  /** Stretches for which there are no words stand where they belong, so that nobody is misled. */
  #showUnheard(before) {
    while (this.#unheard.length && this.#unheard[0].start < before) {
      const { start, end, reason } = this.#unheard.shift();
      const play = el(
        "button",
        { class: "button small utterance-play", type: "button", "data-start": start, "data-end": end },
        icon("play"),
        clock(start),
      );
      this.list.append(el("li", { class: "gap" }, play, el("span", {}, unheardReason(reason))));
    }
  }

  #word(word) {
    const unsure = word.probability < this.low;
    const node = unsure
      ? el(
          "button",
          {
            class: "w unsure",
            type: "button",
            title: `Uncertain: ${percent(word.probability)}`,
            "aria-label": `${word.text}, uncertain, ${percent(word.probability)}. Play`,
          },
          word.text,
        )
      : el("span", { class: "w" }, word.text);
    node.dataset.start = word.start;
    node.dataset.end = word.end;
    node.dataset.index = word.index;
    this.#words.push(node);
    return node;
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
