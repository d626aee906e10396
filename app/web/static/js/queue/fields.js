/** Parts of the forms around the queues: moments, deadlines, steps of ladders, hours of a week. */
import { instantOf } from "../calendar/zone.js";

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** <dra-moment name>: a day and a time on the clinic's wall, sent as an instant. */
class Moment extends HTMLElement {
  get value() {
    const { value } = this.querySelector("input");
    return value ? instantOf(value) : null;
  }
}

/** <dra-due name>: a number and a unit, or nothing. */
class Due extends HTMLElement {
  get value() {
    const amount = this.querySelector("input").value;
    return amount === "" ? null : { amount: Number(amount), unit: this.querySelector("select").value };
  }
}

/** <dra-steps name>: the steps of a ladder, as many as needed. */
class Steps extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-rows]");
    this.pattern = this.querySelector("template");
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("change", ({ target }) => target.matches('[data-part="target"]') && this.#fit(target.closest("[data-step]")));
    for (const row of this.rows.children) this.#fit(row);
  }

  #onClick({ target }) {
    const row = target.closest("[data-step]");
    if (target.closest("[data-remove]")) {
      row.remove();
      this.querySelector("[data-add]").focus();
    }
    if (target.closest("[data-add]")) {
      this.rows.append(this.pattern.content.cloneNode(true));
      this.#fit(this.rows.lastElementChild);
      this.rows.lastElementChild.querySelector("input").focus();
    }
  }

  /** Only what the target asks for is there to be chosen. */
  #fit(row) {
    const target = row.querySelector('[data-part="target"]').value;
    row.querySelector('[data-part="user_id"]').hidden = target !== "person";
    row.querySelector('[data-part="pool_id"]').hidden = !["on-duty", "pool"].includes(target);
  }

  get value() {
    return [...this.rows.children].map((row) => {
      const part = (name) => row.querySelector(`[data-part="${name}"]`);
      const chosen = (name) => (part(name).hidden ? null : part(name).value);
      return {
        after_minutes: Number(part("after_minutes").value),
        target: part("target").value,
        user_id: chosen("user_id"),
        pool_id: chosen("pool_id"),
        channel: part("channel").value,
      };
    });
  }

  fieldAt(at) {
    const row = this.rows.children[at.find((part) => typeof part === "number") ?? 0];
    return row?.querySelector("input") ?? null;
  }
}

/** <dra-hours name>: "08:00 to 12:00, 13:00 to 17:00" for each day of the week. */
class Hours extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.value);
  }

  #spans(weekday, input) {
    const found = [];
    input.setCustomValidity("");
    for (const span of input.value.split(",").map((text) => text.trim()).filter(Boolean)) {
      const times = span.match(/^(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})$/);
      if (!times) input.setCustomValidity("Write it as 08:00 to 12:00, 13:00 to 17:00.");
      else found.push({ weekday, opens: times[1].padStart(5, "0"), closes: times[2].padStart(5, "0") });
    }
    return found;
  }

  get value() {
    return WEEKDAYS.flatMap((weekday) => this.#spans(weekday, this.querySelector(`[data-weekday="${weekday}"]`)));
  }
}

customElements.define("dra-moment", Moment);
customElements.define("dra-due", Due);
customElements.define("dra-steps", Steps);
customElements.define("dra-hours", Hours);
