/** One section of the draft: a growing text field, its uncertain words marked, its sentences playable. */
import { el, icon } from "../dom.js";
import { clock, vitalLines } from "../formats.js";

const BUTTON_PX = 26;
const DANGER_CHARACTERS = 60;
const WORD = /[\p{L}\p{N}'’.%/-]+/gu;

/** Where each sentence stands in the text now: [{sentence, from, to}]; edited ones drop out. */
export function locate(text, sentences) {
  const found = [];
  let at = 0;
  for (const sentence of sentences) {
    const from = text.indexOf(sentence.text, at);
    if (from < 0) continue;
    at = from + sentence.text.length;
    found.push({ sentence, from, to: at });
  }
  return found;
}

const bare = (word) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Where the uncertain words of one placed sentence stand: [{word, from, to}]. */
export function locateDoubts(text, place, doubts) {
  const { sentence, from, to } = place;
  if (!sentence.words) return [];
  const inside = doubts.filter(({ index }) => index >= sentence.words[0] && index <= sentence.words[1]);
  const tokens = [...text.slice(from, to).matchAll(WORD)];
  const spots = [];
  let next = 0;
  for (const word of inside) {
    const hit = tokens.findIndex((token, i) => i >= next && bare(token[0]) === bare(word.text));
    if (hit < 0) continue;
    next = hit + 1;
    spots.push({ word, from: from + tokens[hit].index, to: from + tokens[hit].index + tokens[hit][0].length });
  }
  return spots;
}

export class SectionField {
  #doubts = [];
  #places = [];
  #spots = [];
  #dangers = [];

  /** root: the server-made field; onInput is told about every change by the doctor. */
  constructor(root, { onInput }) {
    this.root = root;
    this.key = root.dataset.key;
    this.label = root.querySelector("label").textContent.trim();
    this.area = root.querySelector("textarea");
    this.mirror = root.querySelector(".mirror");
    this.gutter = root.querySelector(".gutter");
    this.facts = root.querySelector(".facts-found");
    this.dangers = root.querySelector(".dangers-found");
    this.sentences = [];
    this.area.addEventListener("input", () => {
      this.draw();
      onInput(this);
    });
    this.area.addEventListener("keydown", (event) => this.#onKey(event));
    for (const name of ["click", "keyup", "focus"]) this.area.addEventListener(name, () => this.#showSource());
    new ResizeObserver(() => this.#placeButtons()).observe(this.mirror);
  }

  get text() {
    return this.area.value;
  }

  /** Replace the text without moving the caret of somebody who is typing here. */
  setText(text) {
    if (this.area.value === text) return;
    const { selectionStart, selectionEnd } = this.area;
    this.area.value = text;
    if (document.activeElement === this.area) this.area.setSelectionRange(selectionStart, selectionEnd);
  }

  /** Sentences, facts and uncertain words as the server sees them now. */
  update(section, doubts) {
    this.sentences = section.sentences;
    this.#doubts = doubts;
    this.#showFacts(section);
    this.draw();
  }

  /** Possible danger signs of this section, each [{quote, name, onAnswer}]: marked, and said below. */
  showDangers(dangers) {
    this.#dangers = dangers;
    const items = dangers.map(({ quote, name, onAnswer }) =>
      el("li", {}, el("button", { class: "danger-tag", type: "button", onclick: onAnswer }, icon("danger"), ` Possible danger sign: ${name}: “${quote.slice(0, DANGER_CHARACTERS)}”`)),
    );
    this.dangers.replaceChildren(...items);
    this.dangers.hidden = items.length === 0;
    this.draw();
  }

  /** Put the caret on a sentence, selected; false when it is not here. */
  selectText(quote) {
    const from = this.area.value.indexOf(quote);
    if (from < 0) return false;
    this.area.focus();
    this.area.setSelectionRange(from, from + quote.length);
    return true;
  }

  draw() {
    const text = this.area.value;
    this.#places = locate(text, this.sentences);
    this.#spots = this.#places.flatMap((place) => locateDoubts(text, place, this.#doubts));
    this.#drawMirror(text);
    this.#drawButtons();
    this.root.classList.toggle("is-empty", text.trim() === "");
  }

  /** The mirror behind the field has the same text; it gives the height and carries the marks. */
  #drawMirror(text) {
    const dangers = locate(text, this.#dangers.map(({ quote }) => ({ text: quote })));
    const cuts = [
      ...this.#places.map((place) => ({ at: place.from, anchor: place.sentence.id })),
      ...this.#spots.map((spot) => ({ at: spot.from, to: spot.to })),
    ].sort((a, b) => a.at - b.at || (a.to ?? 0) - (b.to ?? 0));
    const nodes = [];
    let at = 0;
    for (const cut of cuts) {
      nodes.push(text.slice(at, cut.at));
      if (cut.anchor) nodes.push(el("span", { "data-anchor": cut.anchor }));
      else nodes.push(el("mark", {}, text.slice(cut.at, cut.to)));
      at = cut.to ?? cut.at;
    }
    nodes.push(`${text.slice(at)}\n`);
    this.mirror.replaceChildren(...nodes);
    this.#underline(dangers);
  }

  /** Dangerous sentences are lines under the text: marks of single words stay as they are. */
  #underline(dangers) {
    for (const { from, to } of dangers) {
      let at = 0;
      for (const node of [...this.mirror.childNodes]) {
        const end = at + node.textContent.length;
        const [first, last] = [Math.max(from, at) - at, Math.min(to, end) - at];
        at = end;
        if (last <= first) continue;
        if (node.nodeType !== Node.TEXT_NODE) {
          node.classList.add("danger");
          continue;
        }
        const text = node.textContent;
        const line = el("span", { class: "danger" }, text.slice(first, last));
        node.replaceWith(text.slice(0, first), line, text.slice(last));
      }
    }
  }

  #drawButtons() {
    const playable = this.#places.filter(({ sentence }) => sentence.start !== null);
    const buttons = playable.map(({ sentence }) => this.#playButton(sentence));
    this.gutter.replaceChildren(...buttons);
    this.#placeButtons();
  }

  #playButton(sentence) {
    const button = el(
      "button",
      {
        class: "play-sentence",
        type: "button",
        "data-sentence": sentence.id,
        "aria-label": `Play “${sentence.text.slice(0, 60)}”`,
        title: `Play from ${clock(sentence.start)}`,
      },
      icon("play"),
    );
    button.addEventListener("click", () => this.#play(sentence));
    button.addEventListener("focus", () => this.#cite(sentence));
    return button;
  }

  /** Each button stands at the line where its sentence begins; several on one line go side by side. */
  #placeButtons() {
    const lines = new Map();
    for (const button of this.gutter.children) {
      const anchor = this.mirror.querySelector(`[data-anchor="${CSS.escape(button.dataset.sentence)}"]`);
      const top = anchor?.offsetTop ?? 0;
      lines.set(top, [...(lines.get(top) ?? []), button]);
    }
    for (const [top, buttons] of lines) {
      buttons.forEach((button, i) => {
        button.style.top = `${top}px`;
        button.style.right = `${(buttons.length - 1 - i) * BUTTON_PX}px`;
      });
    }
    const columns = Math.max(1, ...[...lines.values()].map((buttons) => buttons.length));
    this.root.style.setProperty("--play-columns", String(columns));
  }

  #placeAtCaret() {
    const caret = this.area.selectionStart;
    return this.#places.find(({ from, to }) => caret >= from && caret <= to) ?? null;
  }

  #onKey(event) {
    if (event.key !== "F4") return;
    const place = this.#placeAtCaret();
    if (!place || place.sentence.start === null) return;
    event.preventDefault();
    this.#play(place.sentence);
  }

  #showSource() {
    this.#cite(this.#placeAtCaret()?.sentence ?? null);
  }

  #cite(sentence) {
    document.dispatchEvent(new CustomEvent("dra:highlight", { detail: { words: sentence?.words ?? null } }));
  }

  #play({ start, end, words }) {
    document.dispatchEvent(new CustomEvent("dra:play", { detail: { start, end } }));
    document.dispatchEvent(new CustomEvent("dra:highlight", { detail: { words } }));
  }

  /** Vitals and medications that were recognised in the text, as small tags. */
  #showFacts(section) {
    const vitals = vitalLines(section.vitals ?? []);
    const medications = section.sentences
      .flatMap((sentence) => sentence.annotations ?? [])
      .filter((one) => one.kind === "medication")
      .map((one) => [one.action, one.name, one.dose && `${one.dose} ${one.unit ?? ""}`.trim(), one.route, one.frequency, one.duration].filter(Boolean).join(" · "));
    const systems = Object.keys(section.systems ?? {}).map((system) => system.replaceAll("_", " "));
    const tags = [...vitals, ...medications, ...systems].map((text) => el("li", { class: "tag" }, text));
    this.facts.replaceChildren(...tags);
    this.facts.hidden = tags.length === 0;
  }

  /** Put the caret on uncertain words, selected, ready to be typed over; false when not here. */
  select(indexes) {
    const spots = this.#spots.filter(({ word }) => indexes.includes(word.index));
    if (!spots.length) return false;
    this.area.focus();
    this.area.setSelectionRange(spots[0].from, spots.at(-1).to);
    return true;
  }
}
