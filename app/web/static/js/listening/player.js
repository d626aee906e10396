/** <dra-player src duration>: plays a recording, or just one word or sentence of it ("dra:play"). */
import { el, icon } from "../dom.js";
import { clock, spokenTime } from "../formats.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const BACK_SECONDS = 5;
const LEAD_SECONDS = 0.08;

class Player extends HTMLElement {
  #until = null;
  #audio = null;

  connectedCallback() {
    this.#audio = el("audio", { preload: "metadata", src: this.getAttribute("src") });
    this.#build();
    this.#listen();
    document.addEventListener("dra:play", ({ detail }) => this.playSpan(detail.start, detail.end));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("click", ({ target }) => {
      const span = target.closest?.("[data-play-from]")?.dataset;
      if (span) this.playSpan(Number(span.playFrom), Number(span.playTo));
    });
  }

  get duration() {
    const known = Number(this.getAttribute("duration"));
    return known || (Number.isFinite(this.#audio.duration) ? this.#audio.duration : 0);
  }

  get currentTime() {
    return this.#audio.currentTime;
  }

  #build() {
    this.play = el(
      "button",
      { class: "button icon", type: "button", "aria-label": "Play", "data-key-name": "F4", "data-key-does": "Play or pause the sound" },
      icon("play"),
    );
    this.back = el("button", { class: "button icon", type: "button", "aria-label": `Back ${BACK_SECONDS} seconds` }, icon("back"));
    this.seek = el("input", { type: "range", min: 0, max: 1, step: 0.1, value: 0, "aria-label": "Position in the sound" });
    this.time = el("span", { class: "player-time" }, "0:00");
    this.speed = el(
      "select",
      { "aria-label": "Speed" },
      SPEEDS.map((speed) => el("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
    );
    this.marks = el("div", { class: "player-marks", "aria-hidden": "true" });
    this.trouble = el("p", { class: "notice bad", role: "alert", hidden: true });
    const track = el("div", { class: "player-track" }, this.marks, this.seek);
    this.replaceChildren(
      el("div", { class: "player" }, this.play, this.back, track, this.time, this.speed, this.#audio),
      this.trouble,
    );
    this.#showTime();
  }

  #listen() {
    const audio = this.#audio;
    this.play.addEventListener("click", () => this.toggle());
    this.back.addEventListener("click", () => this.jump(Math.max(0, audio.currentTime - BACK_SECONDS)));
    this.seek.addEventListener("input", () => this.jump(Number(this.seek.value)));
    this.speed.addEventListener("change", () => {
      audio.playbackRate = Number(this.speed.value);
    });
    for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, () => this.#showPlaying());
    for (const name of ["timeupdate", "durationchange"]) audio.addEventListener(name, () => this.#tick());
    audio.addEventListener("playing", () => this.#follow());
    audio.addEventListener("error", () => this.#failed());
  }

  #onKey(event) {
    if (event.key !== "F4" || event.altKey || event.ctrlKey || event.defaultPrevented) return;
    event.preventDefault();
    this.toggle();
  }

  toggle() {
    this.#until = null;
    if (this.#audio.paused) this.#start();
    else this.#audio.pause();
  }

  jump(seconds) {
    this.#until = null;
    this.#audio.currentTime = seconds;
    this.#tick();
  }

  /** Play from start to end (seconds), then stop; without an end play on. */
  playSpan(start, end = null) {
    this.#until = end;
    this.#audio.currentTime = Math.max(0, start - LEAD_SECONDS);
    this.#start();
  }

  #start() {
    this.#audio.play().catch((error) => {
      if (error.name !== "AbortError") this.#failed();
    });
  }

  #failed() {
    this.trouble.hidden = false;
    this.trouble.textContent = "The sound cannot be played in this browser right now. Reload the page to try again.";
  }

  /** Finer than timeupdate, so that a single word does not run over. */
  #follow() {
    const step = () => {
      this.#tick();
      if (!this.#audio.paused) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #tick() {
    const now = this.#audio.currentTime;
    if (this.#until !== null && now >= this.#until) {
      this.#until = null;
      this.#audio.pause();
    }
    this.#showTime();
    document.dispatchEvent(new CustomEvent("dra:time", { detail: { seconds: now, playing: !this.#audio.paused } }));
  }

  #showTime() {
    const now = this.#audio.currentTime;
    this.seek.max = String(this.duration || 1);
    this.seek.value = String(now);
    this.seek.setAttribute("aria-valuetext", `${spokenTime(now)} of ${spokenTime(this.duration)}`);
    this.time.textContent = `${clock(now)} / ${clock(this.duration)}`;
  }

  #showPlaying() {
    const playing = !this.#audio.paused;
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
  }

  /** Show where there is speech on the seek bar: [[start, end], …] in seconds. */
  showSpeech(spans) {
    const whole = this.duration;
    if (!whole) return;
    const marks = spans.map(([start, end]) => {
      const mark = el("span", { class: "player-mark" });
      mark.style.left = `${(100 * start) / whole}%`;
      mark.style.width = `${(100 * (end - start)) / whole}%`;
      return mark;
    });
    this.marks.replaceChildren(...marks);
  }
}

customElements.define("dra-player", Player);
