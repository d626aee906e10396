/** <dra-problem-suggestions note-id>: diagnoses named in the assessment, listed by one tap. */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el, toast } from "../dom.js";

class Suggestions extends HTMLElement {
  #items = [];

  connectedCallback() {
    this.list = this.querySelector("ul");
    this.none = this.querySelector("[data-none]");
    this.heading = this.closest("section").querySelector("h2");
    this.count = this.closest("section").querySelector("[data-count]");
    const state = document.querySelector("[data-save-state]");
    if (state) {
      this.watching = new MutationObserver(() => state.dataset.saveState === "saved" && this.look());
      this.watching.observe(state, { attributes: true, attributeFilter: ["data-save-state"] });
    }
    this.look().finally(() => (this.dataset.ready = "yes"));
  }

  disconnectedCallback() {
    this.watching?.disconnect();
  }

  /** What the text names now; what cannot be asked now is asked with the next save. */
  async look() {
    try {
      const found = await api("POST", "/problem-suggestions/examinations", { json: { note_id: this.getAttribute("note-id") } });
      this.#items = found.items.filter(({ status }) => status === "suggested");
      this.#draw(found.searched);
    } catch (error) {
      this.none.textContent = `Not looked through: ${readable(error)}`;
      this.none.hidden = false;
    }
  }

  #draw(searched) {
    const focused = this.list.contains(document.activeElement);
    this.count.textContent = String(this.#items.length);
    this.none.textContent = searched ? "No further diagnosis is named." : "Not looked through: no release of ICD-10-CM is loaded.";
    this.none.hidden = this.#items.length > 0;
    this.list.replaceChildren(...this.#items.map((each) => this.#row(each)));
    if (focused) (this.list.querySelector("button") ?? this.heading).focus();
  }

  #row(each) {
    const name = `${each.code} ${each.description}`;
    const act = (label, onclick) => el("button", { class: "button small", type: "button", "aria-label": `${label}: ${name}`, onclick }, label);
    const unsure = each.certainty === "uncertain" ? "only considered" : "";
    const state = each.listed ? el("span", { class: "badge ok" }, "on the list already") : el("span", { class: "badge warn", hidden: !unsure }, unsure);
    return el(
      "li",
      { "data-suggestion": each.id },
      el(
        "div",
        { class: "what" },
        el("strong", {}, name),
        el("p", { class: "detail" }, `“${each.quote}”`),
        el("div", { class: "row" }, each.listed ? null : act("Add to problems", () => this.#take(each)), act("Not this one", () => this.#dismiss(each))),
      ),
      state,
    );
  }

  async #take(each) {
    await this.#answer(each, "acceptance", {}, `${each.description} is on the list of problems`);
  }

  async #dismiss(each) {
    await this.#answer(each, "dismissal", undefined, "Not offered again");
  }

  async #answer(each, noun, json, said) {
    try {
      await api("POST", `/problem-suggestions/${each.id}/${noun}`, json ? { json } : {});
      announce(said);
    } catch (error) {
      toast(error instanceof ApiProblem && error.code === "problem-already-listed" ? "It is on the list already." : readable(error), "bad");
    }
    await this.look();
    (this.list.querySelector("button") ?? this.heading).focus();
  }
}

customElements.define("dra-problem-suggestions", Suggestions);
