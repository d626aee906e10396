/**
 * <dra-screening screening-id patient-id instrument version>: questions answered by key, each saved
 * as it is given. Which are asked, and what the answers say, the server tells with every answer.
 */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el } from "../dom.js";
import { showSoFar } from "./so-far.js";

const TYPING_MS = 700;
const RETRY_MS = 4000;

class Screening extends HTMLElement {
  #wanted = false;
  #running = null;
  #typing = null;
  #pressed = [];
  #draining = false;
  #over = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.trouble = this.querySelector("[data-trouble]");
    this.saved = this.querySelector("[data-saved]");
    this.screeningId = this.getAttribute("screening-id");
    this.version = Number(this.getAttribute("version"));
    this.form.addEventListener("submit", (event) => this.#onSubmit(event));
    this.form.addEventListener("change", () => this.#save());
    this.form.addEventListener("input", ({ target }) => target.matches("textarea") && this.#soon());
    this.addEventListener("keydown", (event) => this.#onKey(event));
    addEventListener("beforeunload", (event) => this.#unsaved && event.preventDefault());
    this.#progress();
    if (this.screeningId) this.#look();
    if (document.activeElement === document.body) this.#goTo(this.#firstOpen());
    this.dataset.ready = "yes";
  }

  get #unsaved() {
    return !this.#over && (this.#wanted || this.#running || this.#typing);
  }

  get #items() {
    return [...this.querySelectorAll("[data-item]")];
  }

  get #asked() {
    return this.#items.filter((item) => !item.hidden);
  }

  #firstOpen() {
    return this.#asked.find((item) => answerOf(item) === undefined);
  }

  #answers() {
    const given = this.#asked.map((item) => [item.dataset.item, answerOf(item)]);
    return Object.fromEntries(given.filter(([, answer]) => answer !== undefined));
  }

  /** What is known so far, of a screening somebody left. */
  async #look() {
    try {
      const screening = await api("GET", `/screenings/${this.screeningId}`);
      if (screening.version === this.version) showSoFar(this, screening);
    } catch (error) {
      this.#tell(readable(error));
    }
  }

  #soon() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#save(), TYPING_MS);
  }

  /** One after the other, and never an older answer after a newer one. */
  #save() {
    clearTimeout(this.#typing);
    this.#typing = null;
    this.#wanted = true;
    this.#progress();
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run() {
    try {
      while (this.#wanted) {
        this.#wanted = false;
        this.saved.textContent = "Saving…";
        await this.#put();
        this.saved.textContent = "Saved";
        this.#hush();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = null;
    }
  }

  async #put() {
    if (!this.screeningId && !(await this.#begin())) return;
    const path = `/screenings/${this.screeningId}/answers`;
    try {
      this.#show(await api("PUT", path, { json: { answers: this.#answers() }, version: this.version }));
    } catch (error) {
      if (!this.#takeBack(error)) throw error;
      this.#show(await api("PUT", path, { json: { answers: this.#answers() }, version: this.version }));
    }
  }

  /** False where somebody else has begun meanwhile: their answers come first. */
  async #begin() {
    const screening = await api("POST", "/screenings", {
      json: {
        patient_id: this.getAttribute("patient-id"),
        instrument: this.getAttribute("instrument"),
        encounter_id: this.getAttribute("encounter-id") || null,
      },
    });
    this.screeningId = screening.id;
    this.version = screening.version;
    if (!Object.keys(screening.answers).length) return true;
    this.#over = true;
    location.assign(`/screenings/${screening.id}`);
    return false;
  }

  #show(screening) {
    this.version = screening.version;
    for (const item of this.#items) item.hidden = !screening.asked.includes(item.dataset.item);
    for (const group of this.querySelectorAll(".question-group")) {
      group.hidden = !group.querySelector("[data-item]:not([hidden])");
    }
    showSoFar(this, screening);
    this.#progress();
  }

  /** Answers to what is not asked after another answer changed: out of the form, and said so. */
  #takeBack(error) {
    if (error.code !== "answers-unfit") return false;
    const faults = error.facts.errors.filter((fault) => fault.rule === "asked");
    if (!faults.length) return false;
    const gone = faults.map((fault) => fault.at.at(-1));
    for (const item of this.#items.filter((each) => gone.includes(each.dataset.item))) clear(item);
    announce(`Not asked any more, and their answers taken out: ${gone.join(", ")}`, { urgent: true });
    return true;
  }

  #failed(error) {
    this.#wanted = true;
    this.saved.textContent = "Not saved";
    if (error.code === "screening-changed" || error.code === "screening-over") {
      this.#over = true;
      const why = error.code === "screening-over" ? "This screening is over." : "Somebody else answered here meanwhile.";
      this.#tell(why, button("Load what they answered", () => location.assign(`/screenings/${this.screeningId}`)));
      return;
    }
    const again = button("Save again", () => this.#save());
    this.#tell(readable(error), again);
    if (!(error instanceof ApiProblem) || error.passing) setTimeout(() => again.isConnected && this.#save(), RETRY_MS);
  }

  #tell(text, ...more) {
    this.trouble.replaceChildren(el("p", { class: "error" }, el("strong", {}, text)), ...more);
    this.trouble.hidden = false;
  }

  #hush() {
    this.trouble.hidden = true;
    this.trouble.replaceChildren();
  }

  #progress() {
    const asked = this.#asked.filter((item) => !("optional" in item.dataset));
    const answered = asked.filter((item) => answerOf(item) !== undefined).length;
    this.querySelector("[data-progress]").textContent = `${answered} of ${asked.length} questions answered`;
  }

  /** A key answers the question that has the focus; Enter goes on without a new answer. */
  #onKey(event) {
    const item = event.target.closest("[data-item]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea")) return;
    const isEnter = event.key === "Enter" && event.target.matches("input");
    if (!isEnter && !optionOf(item, event.key)) return;
    event.preventDefault();
    if (isEnter) this.#goTo(this.#after(item));
    else {
      this.#pressed.push(event.key);
      this.#drain();
    }
  }

  /** Keys pressed faster than answers are saved wait for the question they are for. */
  async #drain() {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#pressed.length) {
        const item = document.activeElement?.closest("[data-item]");
        const option = item && optionOf(item, this.#pressed.shift());
        if (!option) continue;
        option.checked = option.type === "radio" || !option.checked;
        option.focus();
        await this.#save();
        const isThere = item.contains(document.activeElement); // not where somebody went meanwhile
        if (option.type === "radio" && isThere) this.#goTo(this.#after(item));
      }
    } finally {
      this.#draining = false;
      this.#pressed.length = 0;
    }
  }

  /** The next question that is open, the first that is, or the end. */
  #after(item) {
    const asked = this.#asked;
    const later = asked.slice(asked.indexOf(item) + 1);
    return later.find((each) => answerOf(each) === undefined) ?? this.#firstOpen();
  }

  #goTo(item) {
    const target = item?.querySelector("input:checked, input, textarea") ?? this.querySelector('[type="submit"]');
    target.focus();
  }

  async #onSubmit(event) {
    event.preventDefault();
    await this.#complete(false);
  }

  async #complete(acceptMissing) {
    await this.#save();
    if (this.#wanted) return; // what is not saved is not decided upon
    try {
      const path = `/screenings/${this.screeningId}/completion`;
      await api("POST", path, { json: { accept_missing: acceptMissing }, version: this.version });
    } catch (error) {
      if (error.code === "answers-missing") this.#askAbout(error.facts.errors);
      else this.#failed(error);
      return;
    }
    this.#over = true;
    const done = new CustomEvent("screening-completed", { bubbles: true, cancelable: true, detail: this.screeningId });
    if (this.dispatchEvent(done)) location.assign(`/screenings/${this.screeningId}`);
  }

  /** Nothing open is taken for a no: go back to it, or leave it open on purpose. */
  #askAbout(faults) {
    const open = faults.map((fault) => fault.at.at(-1));
    const first = this.#items.find((item) => item.dataset.item === open[0]);
    const back = button("Go to the first of them", () => this.#goTo(first), "primary");
    this.#tell(
      `Not answered: ${open.join(", ")}. That is never taken for a no.`,
      el("div", { class: "row" }, back, button("Complete, and leave them open", () => this.#complete(true))),
    );
    back.focus();
  }
}

function button(text, onclick, kind = "") {
  return el("button", { class: `button ${kind}`, type: "button", onclick }, text);
}

function optionOf(item, key) {
  return item.querySelector(`input[data-key="${CSS.escape(key.toLowerCase())}"]`);
}

/** undefined: not answered. */
function answerOf(item) {
  const text = item.querySelector("textarea");
  if (text) return text.value.trim() || undefined;
  const checked = [...item.querySelectorAll("input:checked")];
  if (!checked.length) return undefined;
  const values = checked.map((input) => ("number" in input.dataset ? Number(input.value) : input.value));
  return "several" in item.dataset ? values : values[0];
}

function clear(item) {
  for (const input of item.querySelectorAll("input")) input.checked = false;
  const text = item.querySelector("textarea");
  if (text) text.value = "";
}

customElements.define("dra-screening", Screening);
