/** <dra-upload encounter-id>: a whole sound file, sent in slices that survive a bad network. */
import { ApiProblem, Unreachable, api, readable } from "../api.js";
import { announce, el } from "../dom.js";
import { clock, percent, size } from "../formats.js";
import { contentDigest } from "./pcm.js";

const SLICE = 1024 * 1024;
const LONGEST_WAIT_MS = 20_000;
const TYPES = {
  wav: "audio/wav",
  flac: "audio/flac",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  mp4: "audio/mp4",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  webm: "audio/webm",
};

/** The media type by the file's ending; null when it is no sound file we know. */
export function mediaTypeOf(name) {
  return TYPES[name.split(".").pop().toLowerCase()] ?? null;
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Repeat while the network or the server is away; other problems end it. */
async function insist(attempt, onTrouble) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const passing = error instanceof Unreachable || (error instanceof ApiProblem && error.passing);
      if (!passing) throw error;
      onTrouble(error);
      await wait(Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures));
    }
  }
}

class Upload extends HTMLElement {
  #busy = false;

  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.zone = this.querySelector(".drop-zone");
    this.status = this.querySelector("[data-status]");
    this.bar = this.querySelector("progress");
    if (this.getAttribute("consent") !== "yes") return;
    if (!isSecureContext) {
      this.#say("Browsers can check files only on https addresses and on localhost. Open this site that way to upload.", "bad");
      return;
    }
    this.input.addEventListener("change", () => this.send(this.input.files[0]));
    for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, (event) => this.#over(event, true));
    for (const name of ["dragleave", "drop"]) this.zone.addEventListener(name, (event) => this.#over(event, false));
    this.zone.addEventListener("drop", (event) => this.send(event.dataTransfer.files[0]));
    addEventListener("beforeunload", (event) => {
      if (this.#busy) event.preventDefault();
    });
    this.dataset.ready = "yes";
  }

  #over(event, inside) {
    event.preventDefault();
    this.zone.classList.toggle("over", inside);
  }

  #say(text, kind = "") {
    this.status.replaceChildren(el("span", { class: kind ? `notice ${kind}` : "" }, text));
  }

  /** Send one file from the first missing slice on. */
  async send(file) {
    if (!file || this.#busy) return;
    const mediaType = mediaTypeOf(file.name);
    if (!mediaType) return this.#say("That is not a sound file this site can read: wav, flac, mp3, m4a, ogg, opus or webm.", "bad");
    if (file.size === 0) return this.#say("That file is empty.", "bad");
    this.#busy = true;
    this.bar.hidden = false;
    try {
      await this.#transfer(file, mediaType);
    } catch (error) {
      this.#say(`${readable(error)} Choose the file again to carry on where it stopped.`, "bad");
    } finally {
      this.#busy = false;
      this.input.value = "";
    }
  }

  async #transfer(file, mediaType) {
    const trouble = () => this.#say("The server cannot be reached. Trying again by itself…", "warn");
    const started = performance.now();
    const recording = await insist(() => this.#begin(file, mediaType), trouble);
    const count = Math.ceil(file.size / SLICE);
    const known = await insist(() => api("GET", `/recordings/${recording.id}/chunks`), trouble);
    for (let seq = 0; seq < count; seq += 1) {
      if (seq > known.highest_contiguous) {
        await insist(() => this.#put(recording.id, seq, file), trouble);
      }
      this.#progress(file, Math.min(file.size, (seq + 1) * SLICE), performance.now() - started);
    }
    await insist(() => this.#complete(recording.id, count), trouble);
    announce("File sent");
    location.assign(`/recordings/${recording.id}`);
  }

  /** The same file chosen again finds the recording it began: the key is made of the file itself. */
  async #begin(file, mediaType) {
    const encounter = this.getAttribute("encounter-id");
    const facts = new TextEncoder().encode([encounter, file.name, file.size, file.lastModified].join("|"));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", facts));
    const key = [...hash.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return api("POST", `/encounters/${encounter}/recordings`, {
      json: { media_type: mediaType, origin: "upload", continues: null },
      idempotencyKey: `file-${key}`,
    });
  }

  /** Completed already: the same file was sent before, which is just as good. */
  async #complete(recordingId, count) {
    try {
      await api("POST", `/recordings/${recordingId}/completion`, { json: { chunk_count: count } });
    } catch (error) {
      if (error.code !== "recording-completed") throw error;
    }
  }

  async #put(recordingId, seq, file) {
    const body = await file.slice(seq * SLICE, (seq + 1) * SLICE).arrayBuffer();
    const headers = { "Content-Type": "application/octet-stream", "Content-Digest": await contentDigest(body) };
    return api("PUT", `/recordings/${recordingId}/chunks/${seq}`, { body, headers });
  }

  #progress(file, sent, elapsed) {
    this.bar.max = file.size;
    this.bar.value = sent;
    const left = sent ? ((file.size - sent) / sent) * (elapsed / 1000) : 0;
    const rest = left > 5 ? `, about ${clock(left)} left` : "";
    this.#say(`${percent(sent / file.size)} of ${size(file.size)} sent${rest}`);
  }
}

customElements.define("dra-upload", Upload);
