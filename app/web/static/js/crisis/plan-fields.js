/** The fields of a safety plan: words, a number, or rows of people; each can be said as one text. */
import { announce, freshId } from "../dom.js";

const BETWEEN = " · ";

/** What the API says of a field, as one text: what is compared and merged. */
export function textOf(value) {
  if (Array.isArray(value)) return value.map(lineOf).join("\n");
  return value === null || value === undefined ? "" : String(value);
}

function lineOf({ name, phone }) {
  return phone ? `${name}${BETWEEN}${phone}` : name;
}

function contactIn(line) {
  const at = line.lastIndexOf(BETWEEN);
  if (at < 0) return { name: line.trim(), phone: "" };
  return { name: line.slice(0, at).trim(), phone: line.slice(at + BETWEEN.length).trim() };
}

class Field {
  constructor(root, onInput) {
    this.root = root;
    this.key = root.dataset.key;
    this.label = root.dataset.label;
    root.addEventListener("input", onInput);
  }
}

class Words extends Field {
  get text() {
    return this.root.value;
  }

  get value() {
    return this.root.value;
  }

  setText(text) {
    this.root.value = text;
  }
}

class Choice extends Words {
  get value() {
    return this.root.value === "" ? null : Number(this.root.value);
  }
}

class People extends Field {
  constructor(root, onInput) {
    super(root, onInput);
    this.onInput = onInput;
    this.rows = root.querySelector("[data-rows]");
    this.pattern = root.querySelector("template");
    root.querySelector("[data-add]").addEventListener("click", () => this.#add().querySelector("input").focus());
    this.rows.addEventListener("click", (event) => this.#onClick(event));
  }

  #add({ name = "", phone = "" } = {}) {
    this.rows.append(this.pattern.content.cloneNode(true));
    const row = this.rows.lastElementChild;
    for (const field of row.querySelectorAll(".field")) {
      const input = field.querySelector("input");
      input.id = freshId(this.key);
      field.querySelector("label").htmlFor = input.id;
      input.value = input.dataset.part === "name" ? name : phone;
    }
    return row;
  }

  #onClick(event) {
    const row = event.target.closest("[data-remove]")?.closest("[data-contact]");
    if (!row) return;
    row.remove();
    announce("Line removed");
    this.root.querySelector("[data-add]").focus();
    this.onInput();
  }

  /** The rows in which something is written; a number without a name keeps its place. */
  get value() {
    return [...this.rows.querySelectorAll("[data-contact]")]
      .map((row) => ({
        name: row.querySelector('[data-part="name"]').value.trim(),
        phone: row.querySelector('[data-part="phone"]').value.trim(),
      }))
      .filter(({ name, phone }) => name || phone)
      .map(({ name, phone }) => ({ name: name || "No name yet", phone }));
  }

  get text() {
    return textOf(this.value);
  }

  setText(text) {
    if (text === this.text) return;
    this.rows.replaceChildren();
    for (const line of text.split("\n")) if (line.trim()) this.#add(contactIn(line));
  }

  /** Put somebody in unless their number stands there; whether they were. */
  offer(name, phone) {
    if (this.value.some((one) => one.phone === phone)) return false;
    this.#add({ name, phone });
    this.onInput();
    return true;
  }
}

/** The field of this element. */
export function fieldFor(root, onInput) {
  if (root.hasAttribute("data-contacts")) return new People(root, onInput);
  return root.tagName === "SELECT" ? new Choice(root, onInput) : new Words(root, onInput);
}
