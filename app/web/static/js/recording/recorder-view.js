/** What the recorder looks like in each of its states. */
import { el, icon } from "../dom.js";
import { clock, spokenTime } from "../formats.js";

/** state -> [word, sentence, label of the main button or null, may it be stopped] */
const STATES = {
  locked: ["Locked", "Record the patient's consent first; then dictation can begin.", null, false],
  unsupported: ["No microphone here", "", null, false],
  elsewhere: ["Recording in another window", "This dictation is open in another tab of this browser.", null, false],
  idle: ["Ready", "Nothing is being recorded.", "Start dictation", false],
  opening: ["Opening the microphone…", "", null, false],
  recording: ["Recording", "", "Pause", true],
  paused: ["Paused", "Nothing is being recorded until you continue.", "Continue", true],
  interrupted: ["Interrupted", "What was said is kept. Continue, or finish with what there is.", "Continue", true],
  withdrawn: ["Not finished", "There is no consent to record more. Finish, to send what was said before.", null, true],
  stopping: ["Finishing…", "", null, false],
  uploading: ["Sending…", "You may leave this page; sending goes on.", null, false],
  done: ["Finished", "All sound is safe on the server.", "Dictate more", false],
  failed: ["Not sent", "", null, false],
};

const BUTTON_ICONS = { recording: "pause" };

/** Builds the recorder once and shows each state. */
export class RecorderView {
  constructor(host, { onToggle, onStop }) {
    this.word = el("strong", { class: "rec-word" });
    this.time = el("span", { class: "rec-time" }, "0:00");
    this.sentence = el("p", { class: "rec-sentence" });
    this.fill = el("div", { class: "rec-fill" });
    this.toggleIcon = el("span", { class: "icon-only" });
    this.toggleWord = el("span");
    this.toggle = this.#button("primary rec-toggle", onToggle, "F2", "Start, pause or continue dictation", [
      this.toggleIcon,
      this.toggleWord,
    ]);
    this.stop = this.#button("rec-stop", onStop, "F9", "Stop and finish the dictation", [
      icon("stop"),
      el("span", {}, "Stop and finish"),
    ]);
    this.safe = el("p", { class: "rec-safe", role: "status" });
    this.alert = el("div", { class: "rec-alert", role: "alert" });
    this.box = el(
      "div",
      { class: "recorder" },
      el("div", { class: "rec-state" }, el("span", { class: "rec-lamp", "aria-hidden": "true" }), this.word, this.time),
      this.sentence,
      el("div", { class: "rec-meter", "aria-hidden": "true" }, this.fill),
      el("div", { class: "row" }, this.toggle, this.stop),
      this.safe,
      this.alert,
    );
    host.replaceChildren(this.box);
  }

  #button(className, onclick, key, does, content) {
    return el(
      "button",
      { class: `button ${className}`, type: "button", onclick, "data-key-name": key, "data-key-does": does },
      content,
      el("kbd", {}, key),
    );
  }

  /** Show a state; `sentence` replaces the usual one. */
  show(state, sentence) {
    const [word, usual, label, stoppable] = STATES[state];
    const focused = document.activeElement;
    this.box.dataset.state = state;
    this.word.textContent = word;
    this.sentence.textContent = sentence ?? usual;
    this.sentence.hidden = !this.sentence.textContent;
    this.toggle.hidden = label === null;
    this.toggleWord.textContent = label ?? "";
    this.toggleIcon.replaceChildren(icon(BUTTON_ICONS[state] ?? "record"));
    this.stop.hidden = !stoppable;
    if (focused === this.stop && this.stop.hidden && !this.toggle.hidden) this.toggle.focus();
    if (state !== "recording") this.level(0);
  }

  /** Peak amplitude 0..1 on a scale ears would call linear. */
  level(peak) {
    const decibels = peak > 0 ? 20 * Math.log10(peak) : -60;
    const share = Math.max(0, Math.min(1, (decibels + 54) / 54));
    this.fill.style.transform = `scaleX(${share})`;
    this.fill.classList.toggle("loud", peak > 0.97);
  }

  seconds(seconds) {
    this.time.textContent = clock(seconds);
    this.time.setAttribute("aria-label", spokenTime(seconds));
  }

  /** Where the sound is: on the server, or how much still only here. */
  safety(text, waiting) {
    this.safe.textContent = text;
    this.safe.dataset.waiting = waiting ? "yes" : "no";
  }

  /** A problem with what to do about it; no text clears it. */
  problem(text, buttons = []) {
    this.alert.replaceChildren();
    if (text) this.alert.append(el("div", { class: "notice bad" }, el("p", {}, text), el("div", { class: "row" }, buttons)));
  }

  warn(text) {
    this.alert.replaceChildren();
    if (text) this.alert.append(el("div", { class: "notice warn" }, el("p", {}, text)));
  }
}
