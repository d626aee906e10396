/** <dra-month>: arrow keys between the days of a month, and in words what the bar in hand says. */

const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

class Month extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td a")]);
    this.detail = this.querySelector("[data-detail]");
    for (const link of this.rows.flat()) link.tabIndex = -1;
    this.#reach(this.querySelector("td.today a") ?? this.rows[0]?.[0]);
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("focusin", ({ target }) => this.#tell(target.closest("td a")));
    this.addEventListener("pointerover", ({ target }) => this.#tell(target.closest("td a")));
    this.dataset.ready = "yes";
  }

  /** One day of all is reached by Tab; from there the arrows go on. */
  #reach(link) {
    if (!link) return;
    if (this.reached) this.reached.tabIndex = -1;
    this.reached = link;
    link.tabIndex = 0;
  }

  #tell(link) {
    if (link) this.detail.textContent = link.getAttribute("aria-label");
  }

  #onKey(event) {
    const at = this.#place(event.target);
    const next = at && this.#next(event, at);
    if (!next) return;
    event.preventDefault();
    this.#reach(next);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #place(link) {
    const row = this.rows.findIndex((each) => each.includes(link));
    return row < 0 ? null : [row, this.rows[row].indexOf(link)];
  }

  #next(event, [row, column]) {
    if (event.key === "Home") return this.rows[row][0];
    if (event.key === "End") return this.rows[row].at(-1);
    const step = STEPS[event.key];
    return step && this.rows[row + step[0]]?.[column + step[1]];
  }
}

customElements.define("dra-month", Month);
