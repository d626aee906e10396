/** Sends what the vault holds of one session, in order, for as long as it takes. */
import { ApiProblem, Unreachable, api, readable } from "../api.js";
import { contentDigest, wireBytes } from "./pcm.js";
import * as vault from "./vault.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** Problems that end a recording on the server while we still hold sound for it. */
const CLOSED = new Set(["recording-completed", "chunk-differs"]);
/** Worth sending again at once: the bytes were damaged on the way. */
const DAMAGED = new Set(["digest-differs", "chunk-cut-off"]);

/**
 * Events: "progress" {waiting, recordingId}, "network" {online}, "trouble" {problem},
 * "moved" {session} (continuation), "done" {recordingId}.
 */
export class Uploader extends EventTarget {
  #sessionId;
  #continueElsewhere;
  #stopped = false;
  #wake = () => {};
  #wakeAsked = false;
  #failures = 0;

  /** `continueElsewhere` moves the session to a new one and resolves with it. */
  constructor(sessionId, continueElsewhere) {
    super();
    this.#sessionId = sessionId;
    this.#continueElsewhere =
      continueElsewhere ?? (() => vault.moveToContinuation(this.#sessionId, crypto.randomUUID()));
    this.onOnline = () => this.wake();
  }

  /** Work until the session is complete or `stop` is called. */
  async run() {
    addEventListener("online", this.onOnline);
    while (!this.#stopped) {
      const more = await this.#attempt();
      if (!more && !this.#stopped) await this.#sleep();
    }
    removeEventListener("online", this.onOnline);
  }

  stop() {
    this.#stopped = true;
    this.wake();
  }

  /** There is something new to send, or the network is back. */
  wake() {
    this.#wakeAsked = true;
    this.#wake();
  }

  async #attempt() {
    try {
      const more = await this.#step();
      if (this.#failures) this.#tell("network", { online: true });
      this.#failures = 0;
      return more;
    } catch (error) {
      return this.#recover(error);
    }
  }

  #sleep() {
    if (this.#wakeAsked) {
      this.#wakeAsked = false;
      return Promise.resolve();
    }
    const wait = this.#failures ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1)) : 60_000;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wakeAsked = false;
        resolve();
      };
    });
  }

  /** One request at most; resolves true when there is more to do. */
  async #step() {
    const session = await vault.session(this.#sessionId);
    if (!session || session.problem) return false;
    if (!session.recordingId) return this.#create(session);
    const [seq] = await vault.waiting(session.id);
    if (seq !== undefined) return this.#sendSlice(session, seq);
    if (session.gaps.length) return this.#sendGap(session);
    if (session.state === "stopping") return this.#complete(session);
    this.#tell("progress", { waiting: 0, recordingId: session.recordingId });
    return false;
  }

  async #create(session) {
    const recording = await api("POST", `/encounters/${session.encounterId}/recordings`, {
      json: { media_type: "audio/wav", origin: "microphone", continues: session.continues },
      idempotencyKey: session.id,
    });
    await vault.changeSession(session.id, (stored) => {
      stored.recordingId = recording.id;
    });
    this.#tell("progress", { waiting: (await vault.waiting(session.id)).length, recordingId: recording.id });
    return true;
  }

  async #sendSlice(session, seq) {
    const held = await vault.slice(session.id, seq);
    const body = wireBytes(seq, held.pcm);
    await api("PUT", `/recordings/${session.recordingId}/chunks/${seq}`, {
      body,
      headers: { "Content-Type": "application/octet-stream", "Content-Digest": await contentDigest(body) },
    });
    await vault.acknowledge(session.id, seq);
    const left = await vault.waiting(session.id);
    this.#tell("progress", { waiting: left.length, recordingId: session.recordingId });
    return true;
  }

  async #sendGap(session) {
    await api("POST", `/recordings/${session.recordingId}/gaps`, { json: session.gaps[0] });
    await vault.changeSession(session.id, (stored) => {
      stored.gaps.shift();
    });
    return true;
  }

  async #complete(session) {
    await api("POST", `/recordings/${session.recordingId}/completion`, { json: { chunk_count: session.nextSeq } });
    return this.#finish(session);
  }

  async #finish(session) {
    await vault.forget(session.id);
    this.#stopped = true;
    this.#tell("done", { recordingId: session.recordingId });
    return false;
  }

  async #recover(error) {
    if (error instanceof ApiProblem && !error.passing) return this.#refused(error);
    if (!(error instanceof ApiProblem || error instanceof Unreachable)) console.error(error);
    this.#failures += 1;
    this.#tell("network", { online: false, waiting: (await vault.waiting(this.#sessionId)).length });
    return false;
  }

  async #refused(problem) {
    if (DAMAGED.has(problem.code) || problem.status === 401) {
      this.#failures += 1;
      return false;
    }
    if (CLOSED.has(problem.code)) return this.#closedByServer();
    const session = await vault.changeSession(this.#sessionId, (stored) => {
      stored.problem = { code: problem.code, text: readable(problem) };
    });
    this.#tell("trouble", { problem: session?.problem });
    return false;
  }

  /** Nothing left to send: it is simply done. Otherwise the rest becomes a continuation. */
  async #closedByServer() {
    const session = await vault.session(this.#sessionId);
    const left = await vault.waiting(session.id);
    if (left.length === 0 && session.state === "stopping") return this.#finish(session);
    const next = await this.#continueElsewhere();
    this.#sessionId = next.id;
    this.#tell("moved", { session: next });
    return true;
  }

  /** The user asked to try again after a refusal. */
  async retry() {
    await vault.changeSession(this.#sessionId, (stored) => {
      stored.problem = null;
    });
    this.wake();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
