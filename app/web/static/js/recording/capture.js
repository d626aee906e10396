/** The microphone: PCM blocks, level, and honest word when the sound stops coming. */
import { SAMPLE_RATE } from "./pcm.js";

const SILENCE_SECONDS = 7.5;
const SILENT_PEAK = 0.0002;
const HEARTBEAT_MS = 1000;
const ASLEEP_MS = 5000;

const CONSTRAINTS = {
  audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
};

const REFUSALS = {
  NotAllowedError: "The browser was not allowed to use the microphone. Allow it in the address bar, then start again.",
  NotFoundError: "No microphone was found. Connect one, then start again.",
  NotReadableError: "Another program holds the microphone. Close it, then start again.",
};

/** Why the microphone did not open, in words. */
export function microphoneTrouble(error) {
  return REFUSALS[error.name] ?? "The microphone could not be opened. Check that it is connected, then start again.";
}

async function contextFor(stream) {
  try {
    const context = new AudioContext({ sampleRate: SAMPLE_RATE });
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    const context = new AudioContext();
    return { context, source: context.createMediaStreamSource(stream) };
  }
}

/**
 * Events: "pcm" {pcm}, "level" {peak}, "silence" {silent}, "lost" {reason, since} when sound stopped
 * without anybody asking (device | asleep).
 */
export class Capture extends EventTarget {
  #stream = null;
  #context = null;
  #node = null;
  #lastSound = 0;
  #lastBlock = 0;
  #silent = false;
  #heartbeat = null;
  #flushed = null;

  get running() {
    return this.#context?.state === "running" && this.#heartbeat !== null;
  }

  /** Ask for the microphone and start. Throws what getUserMedia throws. */
  async start() {
    this.#stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    const { context, source } = await contextFor(this.#stream);
    this.#context = context;
    await context.audioWorklet.addModule("/static/js/recording/capture-worklet.js");
    this.#node = new AudioWorkletNode(context, "dra-capture", { numberOfOutputs: 0 });
    this.#node.port.onmessage = ({ data }) => this.#receive(data);
    source.connect(this.#node);
    this.#stream.getAudioTracks()[0].addEventListener("ended", () => this.#lose("device"));
    context.addEventListener("statechange", () => this.#watchState());
    await this.resume();
  }

  async resume() {
    await this.#context.resume();
    this.#lastBlock = this.#lastSound = Date.now();
    this.#silent = false;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Stop listening for now; what the audio thread still holds comes out first. */
  async pause() {
    clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    await this.#flush();
    await this.#context?.suspend();
  }

  async stop() {
    if (!this.#context) return;
    if (this.#heartbeat) await this.pause();
    for (const track of this.#stream.getTracks()) track.stop();
    const context = this.#context;
    this.#context = this.#stream = this.#node = null;
    await context.close();
  }

  #flush() {
    if (!this.#node || this.#context.state !== "running") return Promise.resolve();
    return new Promise((resolve) => {
      this.#flushed = resolve;
      setTimeout(resolve, 500);
      this.#node.port.postMessage("flush");
    });
  }

  #receive(data) {
    if (data === "flushed") {
      this.#flushed?.();
      return;
    }
    this.#lastBlock = Date.now();
    this.dispatchEvent(new CustomEvent("pcm", { detail: { pcm: data.pcm } }));
    this.dispatchEvent(new CustomEvent("level", { detail: { peak: data.peak } }));
    if (data.peak > SILENT_PEAK) this.#lastSound = this.#lastBlock;
    this.#watchSilence();
  }

  #watchSilence() {
    const silent = Date.now() - this.#lastSound > SILENCE_SECONDS * 1000;
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.dispatchEvent(new CustomEvent("silence", { detail: { silent } }));
  }

  #watchState() {
    if (this.#heartbeat && this.#context?.state !== "running") this.#context.resume().catch(() => this.#lose("device"));
  }

  /** Timers stand still while the computer sleeps: a late beat or no blocks mean lost time. */
  #beat() {
    const quiet = Date.now() - this.#lastBlock;
    if (quiet > ASLEEP_MS) this.#lose(quiet > ASLEEP_MS * 2 ? "asleep" : "device");
  }

  #lose(reason) {
    if (!this.#heartbeat) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    this.dispatchEvent(new CustomEvent("lost", { detail: { reason, since: this.#lastBlock } }));
  }
}
