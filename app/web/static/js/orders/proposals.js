/** <dra-order-proposals patient-id note-id may-order>: what a note asks for; one tap puts it into a draft. */
import { api, readable } from "../api.js";
import { announce, el, toast } from "../dom.js";
import { calendarDay } from "./days.js";

class OrderProposals extends HTMLElement {
  #items = [];

  async connectedCallback() {
    this.patient = this.getAttribute("patient-id");
    this.note = this.getAttribute("note-id");
    this.mayOrder = this.hasAttribute("may-order");
    this.editor = document.querySelector("dra-note-editor");
    const state = document.querySelector(".save-state");
    if (this.editor && state) {
      // The text is looked through again after each save of the editor beside us.
      new MutationObserver(() => state.dataset.saveState === "saved" && this.#look()).observe(state, { attributes: true, attributeFilter: ["data-save-state"] });
    }
    await this.#look();
    this.dataset.ready = "yes";
  }

  async #look() {
    try {
      this.#items = this.editor ? await this.#examined() : await this.#listed();
      this.#draw();
    } catch (error) {
      this.querySelector("[data-none]").textContent = `Not looked through: ${readable(error)}`;
    }
  }

  async #examined() {
    return (await api("POST", "/order-proposals/examinations", { json: { note_id: this.note } })).items;
  }

  async #listed() {
    const of = this.note ? `&note_id=${this.note}` : "&status=proposed";
    return (await api("GET", `/order-proposals?limit=50&patient_id=${this.patient}${of}`)).items;
  }

  #draw() {
    const waiting = this.#items.filter(({ status }) => status === "proposed");
    this.querySelector("ul").replaceChildren(...waiting.map((one) => this.#row(one)));
    this.querySelector("[data-none]").hidden = waiting.length > 0;
    this.querySelector("[data-then]").hidden = !this.note || !this.#items.some(({ status }) => status === "taken");
    const count = this.closest("section").querySelector("[data-count]");
    if (count) count.textContent = String(waiting.length);
  }

  #row(one) {
    const name = one.orderable.name;
    const says = [one.certainty === "conditional" && "only under a condition", one.detail, one.wanted_on && `on ${calendarDay(one.wanted_on)}`];
    const said = says.filter(Boolean).join(" · ");
    const take = el("button", { class: "button small primary", type: "button", "aria-label": `Put into the draft: ${name}` }, "Into the draft");
    const drop = el("button", { class: "button small", type: "button", "aria-label": `Dismiss: ${name}` }, "Dismiss");
    take.addEventListener("click", () => this.#answer(one, "acceptance", `${name} is in the draft`));
    drop.addEventListener("click", () => this.#answer(one, "dismissal", `${name} was dismissed`));
    return el(
      "li",
      { "data-proposal": one.id },
      el("div", { class: "what" }, el("strong", {}, name), el("p", { class: "detail" }, `“${one.quote}”`, said && ` · ${said}`)),
      this.mayOrder && el("div", { class: "act" }, take, drop),
    );
  }

  async #answer(one, noun, words) {
    try {
      const answered = await api("POST", `/order-proposals/${one.id}/${noun}`, noun === "acceptance" ? { json: {} } : {});
      this.#items = this.#items.map((each) => (each.id === one.id ? answered : each));
      this.#draw();
      announce(words);
      if (noun === "acceptance") document.dispatchEvent(new CustomEvent("order-drafted"));
      (this.querySelector("li button") ?? this.closest("section").querySelector("h2")).focus();
    } catch (error) {
      toast(readable(error), "bad");
      await this.#look();
    }
  }
}

customElements.define("dra-order-proposals", OrderProposals);
