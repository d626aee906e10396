/** A short tone for what is critical: only when armed, and whether it is armed is always to be seen. */
import { toast } from "../dom.js";
import { remember, remembered } from "./preferences.js";

const TONES = [880, 660, 880];
const TONE_SECONDS = 0.16;
const LOUDNESS = 0.18;
const QUIET_MS = 4000;

export class Sound {
  #context = null;
  #rang = 0;

  constructor(button) {
    this.button = button;
    this.armed = remembered("sound", false);
    button.addEventListener("click", () => this.arm(!this.armed));
    // Browsers make no sound before the page was touched: until then it is not armed.
    if (this.armed) this.#waitForTouch();
    this.#show();
  }

  /** On, with the tone to hear what it will be; or off. */
  async arm(on) {
    this.armed = on;
    remember("sound", on);
    if (on) await this.#play();
    this.#show();
    toast(on ? "A tone will sound for what is critical." : "There will be no sound.", "", { seconds: 4 });
  }

  /** Something critical has come; several at once are one tone. */
  ring() {
    if (!this.armed || Date.now() - this.#rang < QUIET_MS) return;
    this.#rang = Date.now();
    this.#play();
  }

  #waitForTouch() {
    const wake = () => {
      removeEventListener("pointerdown", wake);
      removeEventListener("keydown", wake);
      this.#open().then(() => this.#show());
    };
    addEventListener("pointerdown", wake);
    addEventListener("keydown", wake);
  }

  get #ready() {
    return this.#context?.state === "running";
  }

  async #open() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await this.#context.resume().catch(() => {});
    return this.#context;
  }

  async #play() {
    const context = await this.#open();
    if (context.state !== "running") return this.#show();
    const volume = context.createGain();
    volume.gain.value = LOUDNESS;
    volume.connect(context.destination);
    TONES.forEach((frequency, at) => {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(volume);
      tone.start(context.currentTime + at * TONE_SECONDS);
      tone.stop(context.currentTime + (at + 0.8) * TONE_SECONDS);
    });
    return undefined;
  }

  #show() {
    const waits = this.armed && !this.#ready;
    this.button.setAttribute("aria-pressed", String(this.armed));
    this.button.querySelector("[data-word]").textContent = this.armed ? (waits ? "Sound on: press any key" : "Sound on: critical") : "Sound off";
    this.button.querySelector("use").setAttribute("href", `/static/queue-icons.svg#${this.armed ? "bell" : "bell-off"}`);
  }
}
