/** Possible danger signs of a draft: found again after each save, marked in place, answered here. */
import { api, readable } from "../api.js";
import { announce, dataBlock, el, freshId, icon, openDialog, toast } from "../dom.js";

const LEAD_SECONDS = 0.6;
const TAIL_SECONDS = 0.4;
const PLACE_CHARACTERS = 60;

/** Ask why it is none; resolves with the reason, or null. */
async function askWhyNot(signal) {
  const id = freshId("why");
  const input = el("textarea", { id, rows: 3, maxlength: 500 });
  const error = el("p", { class: "notice bad", role: "alert", hidden: true }, "Say why it is not a danger sign.");
  const back = el("button", { class: "button", type: "button" }, "Back");
  const say = el("button", { class: "button primary", type: "button" }, "Not a danger sign");
  const body = el(
    "div",
    { class: "stack" },
    el("blockquote", {}, signal.quote),
    el("div", { class: "field" }, el("label", { for: id }, "Why it is not a danger sign"), input),
    error,
  );
  const { dialog, closed } = openDialog({ title: "Not a danger sign", body, buttons: [back, say] });
  back.addEventListener("click", () => dialog.close(""));
  say.addEventListener("click", () => {
    error.hidden = input.value.trim() !== "";
    if (error.hidden) dialog.close("said");
    else input.focus();
  });
  input.focus();
  return (await closed) === "said" ? input.value.trim() : null;
}

/** host: the panel the server made; onShow gets the waiting signals, onGo takes one to its text. */
export class Signals {
  #noteId;
  #words = dataBlock("signal-words");
  #items = [];

  constructor(host, { noteId, onShow, onGo, labelOf }) {
    this.host = host;
    this.#noteId = noteId;
    this.onShow = onShow;
    this.onGo = onGo;
    this.labelOf = labelOf;
  }

  get waiting() {
    return this.#items.filter(({ status }) => status === "proposed");
  }

  /** Have the saved text looked through; what cannot be asked now is asked with the next save. */
  async look() {
    try {
      const found = await api("POST", "/signals/examinations", { json: { note_id: this.#noteId } });
      this.#items = found.items;
      this.#draw();
    } catch (error) {
      this.host.querySelector("[data-none]").textContent = `Not looked through: ${readable(error)}`;
    }
  }

  nameOf(signal) {
    return this.#words.concepts[signal.concept];
  }

  /** After a refused signature: put whoever signs where the answers are given. */
  focus() {
    this.host.querySelector("h2").focus();
    announce(`${this.waiting.length} possible danger signs wait for your answer`, { urgent: true });
  }

  #draw() {
    const waiting = this.waiting;
    const list = this.host.querySelector("ul");
    const focused = list.contains(document.activeElement);
    this.host.classList.toggle("has-some", waiting.length > 0);
    this.host.querySelector("[data-count]").textContent = String(waiting.length);
    this.host.querySelector("[data-none]").hidden = waiting.length > 0;
    list.replaceChildren(...waiting.map((signal) => this.#row(signal)));
    this.#drawAnswered();
    this.onShow(waiting);
    if (focused) (list.querySelector("button") ?? this.host.querySelector("h2")).focus();
  }

  #drawAnswered() {
    const answered = this.#items.filter(({ answered_by }) => answered_by);
    const place = this.host.querySelector("[data-answered]");
    place.hidden = answered.length === 0;
    place.querySelector("ul").replaceChildren(
      ...answered.map((signal) => {
        const said = signal.status === "confirmed" ? "Confirmed" : `Not a danger sign: ${signal.reason}`;
        return el("li", {}, el("span", {}, `${this.nameOf(signal)}: “${signal.quote}” ${said} (${signal.answered_by.name})`));
      }),
    );
  }

  #row(signal) {
    const name = this.nameOf(signal);
    const how = this.#words.assertions[signal.assertion];
    const detail = [this.labelOf(signal.section), how, signal.critical ? "blocks signing" : ""].filter(Boolean).join(", ");
    const short = signal.quote.slice(0, PLACE_CHARACTERS);
    const act = (label, onclick, kind = "") =>
      el("button", { class: `button small ${kind}`, type: "button", "aria-label": `${label} ${name}: “${short}”`, onclick }, label);
    return el(
      "li",
      { "data-signal": signal.id },
      el("p", { class: "concept" }, icon("danger"), " ", el("strong", {}, name), " ", el("span", { class: "detail" }, detail)),
      el("blockquote", {}, signal.quote),
      el(
        "div",
        { class: "row" },
        signal.start_ms === null ? null : this.#play(signal, short),
        act("Confirm", () => this.#answer(signal, "confirmation")),
        act("Not a danger sign…", () => this.#dismiss(signal)),
        act("Show", () => this.onGo(signal)),
      ),
    );
  }

  #play({ start_ms, end_ms }, short) {
    const button = el("button", { class: "button icon small", type: "button", "aria-label": `Play “${short}”` }, icon("play"));
    button.addEventListener("click", () => {
      const detail = { start: Math.max(0, start_ms / 1000 - LEAD_SECONDS), end: end_ms / 1000 + TAIL_SECONDS };
      document.dispatchEvent(new CustomEvent("dra:play", { detail }));
    });
    return button;
  }

  async #dismiss(signal) {
    const reason = await askWhyNot(signal);
    if (reason) await this.#answer(signal, "dismissal", { reason });
  }

  async #answer(signal, noun, json) {
    try {
      await api("POST", `/signals/${signal.id}/${noun}`, json ? { json } : {});
    } catch (error) {
      toast(readable(error), "bad");
    }
    await this.look();
    announce(`${this.waiting.length} possible danger signs left`);
    (this.host.querySelector("ul button") ?? this.host.querySelector("h2")).focus();
  }
}
