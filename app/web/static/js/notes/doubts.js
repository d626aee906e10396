/** The list of what is uncertain: hear each, accept it, or correct it in the text. */
import { el, icon } from "../dom.js";
import { openPoints } from "./open-words.js";

const LEAD_SECONDS = 0.6;
const TAIL_SECONDS = 0.4;

/** A button that plays a point with a little before and after, so that it is heard in its place. */
export function playPoint({ start, end, text, indexes }) {
  const button = el(
    "button",
    { class: "button icon small", type: "button", "aria-label": `Play “${text}”` },
    icon("play"),
  );
  button.addEventListener("click", () => {
    const detail = { start: Math.max(0, start - LEAD_SECONDS), end: end + TAIL_SECONDS };
    document.dispatchEvent(new CustomEvent("dra:play", { detail }));
    const words = [indexes[0], indexes.at(-1)];
    document.dispatchEvent(new CustomEvent("dra:highlight", { detail: { words } }));
  });
  return button;
}

function action(name, point, onclick) {
  return el(
    "button",
    { class: "button small", type: "button", "aria-label": `${name} “${point.text}”`, onclick },
    name,
  );
}

/** Shows open points in `host`; onAccept([index]) and onEdit(point) do the rest. */
export class Doubts {
  constructor(host, { onAccept, onEdit, labelOf }) {
    this.host = host;
    this.onAccept = onAccept;
    this.onEdit = onEdit;
    this.labelOf = labelOf;
  }

  show(words) {
    const points = openPoints(words);
    this.host.querySelector("[data-count]").textContent = String(points.length);
    const list = this.host.querySelector("ul");
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...points.map((point) => this.#row(point)));
    this.host.querySelector("[data-none]").hidden = points.length > 0;
    if (focused) (list.querySelector("button") ?? this.host.querySelector("h2")).focus();
  }

  #row(point) {
    const detail = `${this.labelOf(point.section)}, ${point.why}`;
    return el(
      "li",
      { "data-word": point.indexes[0] },
      playPoint(point),
      el("span", { class: "what" }, el("mark", {}, point.text), " ", el("span", { class: "detail" }, detail)),
      action("Accept", point, () => this.onAccept(point.indexes)),
      action("Edit", point, () => this.onEdit(point)),
    );
  }
}
