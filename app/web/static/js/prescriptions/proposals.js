/**
 * <dra-proposals note-id examines>: medicines heard in the plan; one tap makes a draft, nothing posts itself.
 * With `examines` the saved text is looked through again after each save of the note.
 */
import { api, readable } from "../api.js";
import { announce, el } from "../dom.js";

const VERBS = { start: "Start", continue: "Continue", increase: "Increase", decrease: "Decrease", stop: "Stop", hold: "Hold" };
const MISSING = { amount: "how much", unit: "the unit", route: "the route", times_a_day: "how often" };
const ANSWERED = { taken: "taken", dismissed: "dismissed" };
const ends = ({ action }) => action === "stop" || action === "hold";

class Proposals extends HTMLElement {
  #items = [];

  async connectedCallback() {
    this.noteId = this.getAttribute("note-id");
    this.list = this.querySelector("ul");
    this.problem = this.querySelector("[data-problem]");
    document.addEventListener("note-saved", () => this.#look());
    await this.#look();
    this.dataset.ready = "yes";
  }

  async #look() {
    try {
      const found = this.hasAttribute("examines")
        ? await api("POST", "/prescription-proposals/examinations", { json: { note_id: this.noteId } })
        : await api("GET", `/prescription-proposals?note_id=${this.noteId}`);
      this.#items = found.items;
      this.problem.hidden = true;
      this.#draw();
    } catch (error) {
      this.#say(`Not looked through: ${readable(error)}`);
    }
  }

  #say(text) {
    this.problem.textContent = text;
    this.problem.hidden = false;
  }

  #draw() {
    const waiting = this.#items.filter(({ status }) => status === "proposed");
    this.closest("section").querySelector("[data-count]").textContent = waiting.length;
    this.querySelector("[data-none]").hidden = this.#items.length > 0;
    this.list.replaceChildren(...this.#items.map((proposal) => this.#row(proposal)));
  }

  #row(proposal) {
    const title = `${VERBS[proposal.action]} ${proposal.content.name}`;
    const asked = proposal.missing.length ? `To be asked: ${proposal.missing.map((name) => MISSING[name]).join(", ")}.` : "";
    return el(
      "li",
      { "data-proposal": proposal.id },
      el(
        "div",
        { class: "what" },
        el("strong", {}, title),
        el("blockquote", {}, proposal.quote),
        ends(proposal) ? null : el("p", { class: "detail" }, `${proposal.sig_text} ${asked}`),
        ends(proposal) && proposal.status === "proposed" && !proposal.concerns
          ? el("p", { class: "detail" }, "It is not prescribed here: there is nothing to stop.")
          : null,
      ),
      proposal.status === "proposed" ? this.#answers(proposal, title) : this.#answered(proposal),
    );
  }

  #answers(proposal, title) {
    const hidden = () => el("span", { class: "visually-hidden" }, `: ${title}`);
    const take = ends(proposal)
      ? proposal.concerns && el("button", { class: "button small", type: "button", onclick: () => this.#answer(proposal, "taking") }, `${VERBS[proposal.action]} it`, hidden())
      : el("button", { class: "button small primary", type: "button", onclick: () => this.#answer(proposal, "taking") }, "Take it", hidden());
    const dismiss = el("button", { class: "button small", type: "button", onclick: () => this.#answer(proposal, "dismissal", {}) }, "Dismiss", hidden());
    return el("div", { class: "act" }, take, dismiss);
  }

  #answered(proposal) {
    const link = proposal.prescription_id ? el("a", { href: `/prescriptions/${proposal.prescription_id}` }, "Open the prescription") : null;
    return el("div", { class: "act" }, el("span", { class: "badge" }, ANSWERED[proposal.status]), link);
  }

  async #answer(proposal, noun, json) {
    try {
      await api("POST", `/prescription-proposals/${proposal.id}/${noun}`, { json });
      announce(noun === "taking" ? "Taken: it is a draft until you issue it." : "Dismissed.");
    } catch (error) {
      this.#say(readable(error));
    }
    await this.#look();
    const row = this.list.querySelector(`[data-proposal="${proposal.id}"]`);
    (row?.querySelector("a, button") ?? this.querySelector("button"))?.focus();
  }
}

customElements.define("dra-proposals", Proposals);
