/** <dra-recorder encounter-id consent>: dictate with one key; what was said is never lost. */
import { userId } from "../api.js";
import { announce, el } from "../dom.js";
import { Capture, microphoneTrouble } from "./capture.js";
import { Dictation, holdSession } from "./dictation.js";
import { BYTES_PER_SECOND, SLICE_BYTES, canRecordHere, join, wavHeader } from "./pcm.js";
import { RecorderView } from "./recorder-view.js";
import { Uploader } from "./uploader.js";
import * as vault from "./vault.js";

const UNSUPPORTED =
  "Browsers open the microphone only on https addresses and on localhost. Open this site that way, or upload a sound file below.";
const SPOKEN = { recording: "Recording", paused: "Paused", interrupted: "Interrupted", done: "Dictation finished" };
const RUNNING = new Set(["opening", "recording", "stopping"]);

class Recorder extends HTMLElement {
  #view;
  #state = "idle";
  #capture = null;
  #dictation = null;
  #uploader = null;
  #release = () => {};
  #wakeLock = null;
  #turn = Promise.resolve();

  async connectedCallback() {
    this.#view = new RecorderView(this, { onToggle: () => this.toggle(), onStop: () => this.finish() });
    document.addEventListener("keydown", (event) => this.#onKey(event));
    addEventListener("beforeunload", (event) => {
      if (RUNNING.has(this.#state)) event.preventDefault();
    });
    addEventListener("pagehide", () => this.#dictation?.keepTail());
    document.addEventListener("visibilitychange", () => this.#onVisibility());
    if (!(await this.#takeUpUnfinished())) {
      if (!this.#permitted) this.#show("locked");
      else if (!canRecordHere()) this.#show("unsupported", UNSUPPORTED);
      else this.#show("idle");
    }
    this.dataset.ready = "yes";
  }

  get #permitted() {
    return this.getAttribute("consent") === "yes";
  }

  get encounterId() {
    return this.getAttribute("encounter-id");
  }

  #show(state, sentence) {
    this.#state = state;
    this.dataset.state = state;
    this.#view.show(state, sentence);
    if (SPOKEN[state]) announce(SPOKEN[state], { urgent: true });
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
    if (event.key === "F2") {
      event.preventDefault();
      this.toggle();
    }
    if (event.key === "F9") {
      event.preventDefault();
      this.finish();
    }
  }

  #onVisibility() {
    if (document.visibilityState === "hidden") this.#dictation?.keepTail();
    else if (this.#state === "recording") this.#stayAwake();
  }

  /** After a reload or a crash: the session of this encounter that the vault still holds, if any. */
  async #takeUpUnfinished() {
    if (!isSecureContext) return false;
    const sessions = (await vault.sessionsOf(userId())).filter((one) => one.encounterId === this.encounterId);
    const session = sessions.at(-1);
    if (!session) return false;
    const release = await holdSession(session.root);
    if (!release) this.#show("elsewhere");
    else {
      this.#release = release;
      this.#adopt(await Dictation.reattach(session));
      this.#showTakenUp(session);
    }
    return true;
  }

  #showTakenUp(session) {
    if (session.problem) this.#refused(session.problem);
    else if (session.state === "stopping") this.#show("uploading");
    else if (!this.#permitted) this.#show("withdrawn");
    else this.#show(session.quiet?.reason === "paused" ? "paused" : "interrupted");
  }

  #adopt(dictation) {
    this.#dictation = dictation;
    this.#view.seconds(dictation.seconds);
    const uploader = new Uploader(dictation.session.id, () => dictation.continueElsewhere());
    uploader.addEventListener("progress", ({ detail }) => this.#onProgress(detail));
    uploader.addEventListener("network", ({ detail }) => this.#onNetwork(detail));
    uploader.addEventListener("trouble", ({ detail }) => this.#refused(detail.problem));
    uploader.addEventListener("done", ({ detail }) => this.#onDone(detail));
    this.#uploader = uploader;
    if (dictation.session.recordingId) this.#tellRecording(dictation.session.recordingId);
    uploader.run();
  }

  /** One step after the other: a key pressed while a pause is still being written waits for it. */
  #inTurn(step) {
    const next = this.#turn.then(step);
    this.#turn = next.catch(() => {});
    return next;
  }

  /** Start, pause or continue: the one key. */
  toggle() {
    return this.#inTurn(() => this.#toggle());
  }

  /** Stop for good. */
  finish() {
    return this.#inTurn(() => this.#finish());
  }

  async #toggle() {
    if (this.#state === "recording") return this.#pause();
    if (this.#state === "idle" || this.#state === "done") return this.#start();
    if (this.#state === "paused" || this.#state === "interrupted") return this.#continue();
    return undefined;
  }

  async #start() {
    if (!(await this.#openMicrophone("idle"))) return;
    const dictation = await Dictation.begin({ encounterId: this.encounterId, userId: userId() });
    this.#release = (await holdSession(dictation.session.root)) ?? this.#release;
    this.#adopt(dictation);
    await this.#listen();
  }

  async #continue() {
    const back = this.#state;
    if (!this.#capture && !(await this.#openMicrophone(back))) return;
    await this.#dictation.endSilence();
    await this.#listen();
    this.#uploader.wake();
  }

  async #openMicrophone(back) {
    this.#show("opening");
    this.#view.problem("");
    const capture = new Capture();
    try {
      await capture.start();
    } catch (error) {
      await capture.stop().catch(() => {});
      this.#show(back);
      this.#view.problem(microphoneTrouble(error));
      return false;
    }
    capture.addEventListener("pcm", ({ detail }) => this.#onSound(detail.pcm));
    capture.addEventListener("level", ({ detail }) => this.#view.level(this.#state === "recording" ? detail.peak : 0));
    capture.addEventListener("silence", ({ detail }) => this.#onSilence(detail.silent));
    capture.addEventListener("lost", ({ detail }) => this.#inTurn(() => this.#onLost(detail)));
    this.#capture = capture;
    return true;
  }

  async #listen() {
    await this.#capture.resume();
    this.#view.problem("");
    this.#show("recording");
    this.#stayAwake();
  }

  #onSound(pcm) {
    if (!this.#dictation) return;
    const before = this.#dictation.sealedBytes;
    const kept = this.#dictation.append(pcm);
    kept.catch(() => this.#storageFull());
    this.#view.seconds(this.#dictation.seconds);
    if (this.#dictation.sealedBytes !== before) kept.then(() => this.#uploader.wake());
  }

  async #pause() {
    this.#show("paused");
    await this.#capture.pause();
    await this.#dictation.keepTail();
    await this.#dictation.noteSilence(Date.now(), "paused");
    this.#letSleep();
  }

  async #onLost({ reason, since }) {
    if (this.#state !== "recording") return;
    this.#show("interrupted");
    this.#view.problem(
      reason === "asleep"
        ? "The computer was asleep; nothing was recorded meanwhile. Press F2 to continue."
        : "The microphone stopped. Everything until now is kept. Check the microphone, then press F2 to continue.",
    );
    const capture = this.#capture;
    this.#capture = null;
    await capture?.stop().catch(() => {});
    await this.#dictation.keepTail();
    await this.#dictation.noteSilence(since, reason);
    this.#letSleep();
  }

  #onSilence(silent) {
    const text = "No sound at all for several seconds. Is the microphone muted or unplugged?";
    this.#view.warn(silent ? text : "");
  }

  async #storageFull() {
    await this.#pause();
    this.#view.problem("This browser has no room left to keep sound. Finish this dictation and free some disk space.");
  }

  /** The tail is sealed, then everything is sent and completed. */
  async #finish() {
    if (!["recording", "paused", "interrupted", "withdrawn"].includes(this.#state)) return;
    this.#show("stopping");
    await this.#capture?.stop();
    this.#capture = null;
    await this.#dictation.finish();
    this.#letSleep();
    this.#show("uploading");
    this.#uploader.wake();
  }

  #onProgress({ waiting, recordingId }) {
    this.#tellRecording(recordingId);
    if (waiting === 0) this.#view.safety("All sound so far is safe on the server.", false);
    else if (waiting > 1) this.#view.safety(`${waiting * (SLICE_BYTES / BYTES_PER_SECOND)} seconds waiting to be sent; kept in this browser.`, true);
  }

  #onNetwork({ online, waiting }) {
    if (online) this.#view.safety("Connected again.", false);
    else {
      const seconds = Math.round((waiting ?? 0) * (SLICE_BYTES / BYTES_PER_SECOND));
      this.#view.safety(`The server cannot be reached. ${seconds} seconds are kept in this browser and will be sent later.`, true);
    }
  }

  #onDone({ recordingId }) {
    this.#release();
    this.#release = () => {};
    this.#dictation = this.#uploader = null;
    this.#show("done");
    this.#view.safety("", false);
    this.dispatchEvent(new CustomEvent("dra:recorded", { bubbles: true, detail: { recordingId } }));
  }

  #refused(problem) {
    if (this.#state === "recording") this.#pause();
    else this.#show("failed");
    const retry = el("button", { class: "button", type: "button" }, "Try again");
    const save = el("button", { class: "button", type: "button" }, "Save the sound as a file");
    retry.addEventListener("click", () => {
      this.#view.problem("");
      this.#show(this.#dictation.session.state === "stopping" ? "uploading" : "paused");
      this.#uploader.retry();
    });
    save.addEventListener("click", () => this.#saveToFile());
    this.#view.problem(`${problem.text} The sound is kept in this browser.`, [retry, save]);
  }

  async #saveToFile() {
    const pcm = await vault.heldSound(this.#dictation.session.id);
    const url = URL.createObjectURL(new Blob([join([wavHeader(pcm.byteLength), pcm])], { type: "audio/wav" }));
    el("a", { href: url, download: "dictation.wav" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  #tellRecording(recordingId) {
    if (!recordingId || this.dataset.recordingId === recordingId) return;
    this.dataset.recordingId = recordingId;
    this.dispatchEvent(new CustomEvent("dra:recording", { bubbles: true, detail: { recordingId } }));
  }

  async #stayAwake() {
    this.#wakeLock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  }

  #letSleep() {
    this.#wakeLock?.release().catch(() => {});
    this.#wakeLock = null;
  }
}

customElements.define("dra-recorder", Recorder);
