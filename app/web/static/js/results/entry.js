/** <dra-observations name>: lines of values, as many as needed; a line without a value was not reported. */
const NUMBER = /^\s*(<=|>=|<|>)?\s*([+-]?\d{1,10}(?:[.,]\d{1,8})?)\s*$/;

/** A comma before three figures is a thousand here and a fraction there: nobody guesses which. */
const THOUSAND = /^\s*(?:[<>]=?)?\s*[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?\s*$/;

const figures = (text) => Number(text.replace(",", "."));

/** "<0.01" as a comparator and a number, other text as words. */
function valueOf(text) {
  const found = NUMBER.exec(text);
  if (!found) return { text: text.trim() };
  const value = figures(found[2]);
  return found[1] ? { comparator: found[1], value } : { value };
}

/** What is wrong with what was typed; empty: nothing. */
function doubt(text, fits) {
  if (THOUSAND.test(text)) return "Type it without the comma: 1200, or 1.2 with a point.";
  return text.trim() === "" || fits(text) ? "" : "Type a number, or leave it empty.";
}

class Observations extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-rows]");
    this.pattern = this.querySelector("template");
    this.querySelector("[data-add]").addEventListener("click", () => this.#add());
    this.addEventListener("input", ({ target }) => this.#check(target));
    this.dataset.ready = "yes";
  }

  #add() {
    this.rows.append(this.pattern.content.cloneNode(true));
    const row = this.rows.lastElementChild;
    const number = this.rows.children.length;
    for (const label of row.querySelectorAll("label")) {
      const input = label.parentElement.querySelector("input");
      input.id = `${input.dataset.part}-${number}`;
      label.htmlFor = input.id;
    }
    row.querySelector("input").focus();
  }

  /** Limits are numbers; a value has a name, and figures that can be read in one way only. */
  #check(input) {
    const row = input.closest("[data-row]");
    if (!row) return;
    for (const limit of row.querySelectorAll("[data-part=low], [data-part=high]")) {
      limit.setCustomValidity(doubt(limit.value, (text) => !Number.isNaN(figures(text))));
    }
    const name = row.querySelector('[data-part="name"]');
    const value = row.querySelector('[data-part="value"]');
    value.setCustomValidity(doubt(value.value, () => true));
    name.setCustomValidity(value.value.trim() && !name.value.trim() ? "Say what was measured." : "");
  }

  #filled() {
    return [...this.rows.children].filter((row) => row.querySelector('[data-part="value"]').value.trim());
  }

  get value() {
    return this.#filled().map((row) => {
      const typed = (part) => row.querySelector(`[data-part="${part}"]`).value.trim();
      const limit = (part) => (typed(part) ? figures(typed(part)) : null);
      return {
        code: typed("code") || null,
        name: typed("name"),
        unit: typed("unit") || null,
        low: limit("low"),
        high: limit("high"),
        critical_low: limit("critical_low"),
        critical_high: limit("critical_high"),
        ...valueOf(typed("value")),
      };
    });
  }

  fieldAt([, , index]) {
    return this.#filled()[index]?.querySelector('[data-part="value"]') ?? this.querySelector('[data-part="value"]');
  }
}

customElements.define("dra-observations", Observations);
