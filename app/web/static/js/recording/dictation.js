/** One dictation on its way from the microphone into the vault: slices, unfinished tail, gaps. */
import { BYTES_PER_SECOND, SLICE_BYTES, join } from "./pcm.js";
import * as vault from "./vault.js";

const TAIL_BYTES = BYTES_PER_SECOND / 4;

/** Run while holding the session's lock; resolves null when another tab holds it. */
export async function holdSession(root) {
  if (!navigator.locks) return () => {};
  return new Promise((resolve) => {
    navigator.locks.request(`dra-session-${root}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return null;
      }
      return new Promise((release) => resolve(release));
    });
  });
}

function newSession({ encounterId, userId }) {
  const id = crypto.randomUUID();
  const now = Date.now();
  return {
    id,
    root: id,
    encounterId,
    userId,
    recordingId: null,
    continues: null,
    state: "open",
    nextSeq: 0,
    gaps: [],
    problem: null,
    startedAt: now,
    touchedAt: now,
  };
}

/** Writes are queued one behind the other, so that slices and pieces reach the disk in order. */
export class Dictation {
  #queue = Promise.resolve();
  #fresh = [];
  #freshBytes = 0;
  #open = [];
  #openBytes = 0;
  #part = 0;

  constructor(session, tail = { pcm: new ArrayBuffer(0), lastPart: 0, lastAt: 0 }) {
    this.session = session;
    this.sealedBytes = session.nextSeq * SLICE_BYTES;
    this.#open = [tail.pcm];
    this.#openBytes = tail.pcm.byteLength;
    this.#part = tail.lastPart;
    this.lastSoundAt = Math.max(tail.lastAt, session.touchedAt);
  }

  static async begin(about) {
    const session = newSession(about);
    await vault.putSession(session);
    return new Dictation(session);
  }

  /** Carry on with a session found in the vault; its unfinished slice is filled further. */
  static async reattach(session) {
    return new Dictation(session, await vault.tailOf(session.id, session.nextSeq));
  }

  /** Seconds of sound so far, on the sound's own time line. */
  get seconds() {
    return (this.sealedBytes + this.#openBytes) / BYTES_PER_SECOND;
  }

  /** Take a block of PCM from the microphone. Resolves when it is safe on disk or still waiting for more. */
  append(pcm) {
    this.#open.push(pcm);
    this.#openBytes += pcm.byteLength;
    this.#fresh.push(pcm);
    this.#freshBytes += pcm.byteLength;
    if (this.#openBytes >= SLICE_BYTES) return this.#seal();
    if (this.#freshBytes >= TAIL_BYTES) return this.keepTail();
    return this.#queue;
  }

  /** Put what has not been stored yet into the vault, as a further piece of the open slice. */
  keepTail() {
    if (this.#freshBytes === 0) return this.#queue;
    const pcm = join(this.#fresh);
    this.#fresh = [];
    this.#freshBytes = 0;
    this.#part += 1;
    const part = this.#part;
    return this.#then(() => vault.keepTail(this.session.id, this.session.nextSeq, part, pcm));
  }

  #seal() {
    const whole = join(this.#open);
    const pcm = whole.slice(0, SLICE_BYTES);
    const rest = whole.slice(SLICE_BYTES);
    this.#open = rest.byteLength ? [rest] : [];
    this.#openBytes = rest.byteLength;
    this.#fresh = [...this.#open];
    this.#freshBytes = rest.byteLength;
    this.#part = 0;
    this.sealedBytes += pcm.byteLength;
    return this.#store(pcm);
  }

  #store(pcm) {
    return this.#then(async () => {
      await vault.sealSlice(this.session.id, this.session.nextSeq, pcm);
      this.session.nextSeq += 1;
    });
  }

  /** No more sound will come: the tail becomes the last slice. */
  async finish() {
    if (this.#openBytes) {
      const pcm = join(this.#open);
      this.sealedBytes += pcm.byteLength;
      this.#open = this.#fresh = [];
      this.#openBytes = this.#freshBytes = 0;
      await this.#store(pcm);
    }
    return this.#change((session) => {
      session.state = "stopping";
    });
  }

  /** Since when nothing is being recorded, and why; survives a reload. */
  noteSilence(since, reason) {
    return this.#change((session) => {
      session.quiet = { since, reason };
    });
  }

  /** Sound flows again: the quiet stretch becomes a gap for the server. */
  endSilence() {
    const quiet = this.session.quiet ?? { since: this.lastSoundAt, reason: "reload" };
    return this.#change((session) => {
      session.quiet = null;
      session.gaps.push({
        gap_start: new Date(quiet.since).toISOString(),
        gap_end: new Date().toISOString(),
        reason: quiet.reason,
      });
    });
  }

  #change(change) {
    return this.#then(async () => {
      this.session = (await vault.changeSession(this.session.id, change)) ?? this.session;
    });
  }

  /** The server closed our recording: carry on in a new one. */
  continueElsewhere() {
    return this.#then(async () => {
      this.session = await vault.moveToContinuation(this.session.id, crypto.randomUUID());
      return this.session;
    });
  }

  #then(step) {
    const next = this.#queue.then(step);
    this.#queue = next.catch(() => {});
    return next;
  }
}
