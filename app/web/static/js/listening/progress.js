/** <dra-progress recording-id duration>: live state of a transcription, by server-sent events. */
import { api } from "../api.js";
import { announce, el } from "../dom.js";
import { clock } from "../formats.js";

const FINAL = new Set(["done", "no_speech", "failed", "held"]);
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

const NOTE_LOOKS = 60;
const NOTE_WAIT_MS = 1000;

const WORDS = {
  queued: "Waiting for its turn",
  running: "Transcribing",
  done: "Transcribed",
  no_speech: "No speech was found",
  failed: "Transcription failed",
  held: "Held after several attempts",
};

class Progress extends HTMLElement {
  #source = null;
  #failures = 0;
  #retry = null;

  connectedCallback() {
    this.word = el("strong");
    this.detail = el("span", { class: "muted" });
    this.connection = el("span", { class: "connection" });
    this.bar = el("progress", { "aria-label": "Transcription", max: 1 });
    this.model = el("p", { class: "muted" });
    this.next = el("p", { class: "notice ok", hidden: true });
    this.replaceChildren(
      el("div", { class: "row" }, this.word, this.detail, this.connection),
      this.bar,
      this.model,
      this.next,
    );
    this.#state({ status: this.getAttribute("status") || "queued", progress: null, transcribed_seconds: 0 });
    const known = document.querySelector("dra-recorder")?.dataset.recordingId;
    if (this.getAttribute("recording-id")) this.#open();
    else if (known) this.follow(known);
    document.addEventListener("dra:recording", ({ detail }) => this.follow(detail.recordingId));
    addEventListener("pagehide", () => this.#close());
  }

  disconnectedCallback() {
    this.#close();
  }

  /** Watch this recording from now on. */
  follow(recordingId) {
    if (this.getAttribute("recording-id") === recordingId) return;
    this.#close();
    this.setAttribute("recording-id", recordingId);
    this.next.hidden = true;
    this.#open();
  }

  #open() {
    const source = new EventSource(`/api/v1/recordings/${this.getAttribute("recording-id")}/events`);
    this.#source = source;
    source.onopen = () => this.#connected();
    source.onerror = () => this.#broken();
    for (const [name, take] of [
      ["state", (data) => this.#state(data)],
      ["utterance", (data) => this.#tell("dra:utterance", { utterance: data })],
    ]) {
      source.addEventListener(name, (event) => take(JSON.parse(event.data)));
    }
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #connected() {
    this.#failures = 0;
    this.connection.textContent = "Live";
    this.connection.dataset.state = "live";
  }

  /** The browser tries again by itself unless the server answered with an error. */
  #broken() {
    this.connection.textContent = "Reconnecting…";
    this.connection.dataset.state = "reconnecting";
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #state(state) {
    const changed = this.dataset.status !== state.status;
    this.dataset.status = state.status;
    this.word.textContent = WORDS[state.status] ?? state.status;
    this.detail.textContent = this.#detailOf(state);
    if (typeof state.progress === "number") this.bar.value = state.progress;
    else this.bar.removeAttribute("value");
    this.bar.hidden = FINAL.has(state.status);
    if (changed) announce(this.word.textContent);
    this.#showModel(state.model);
    this.#tell("dra:state", { state });
    if (state.status === "done") this.#awaitNote();
    else if (FINAL.has(state.status)) this.#finished();
  }

  /** The draft is written a moment after the last word; it is found among the encounter's notes. */
  async #awaitNote() {
    this.#close();
    this.detail.textContent = "Writing the draft note…";
    for (let look = 0; look < NOTE_LOOKS; look += 1) {
      const noteId = await this.#findNote();
      if (noteId) return this.#noteReady(noteId);
      await new Promise((resolve) => setTimeout(resolve, NOTE_WAIT_MS));
    }
    this.detail.textContent = "The draft takes longer than usual; it will appear in the encounter.";
    return undefined;
  }

  async #findNote() {
    try {
      const { items } = await api("GET", `/encounters/${this.getAttribute("encounter-id")}/notes?limit=100`);
      return items.find((note) => note.recording_id === this.getAttribute("recording-id"))?.id;
    } catch {
      return undefined;
    }
  }

  #noteReady(noteId) {
    if (!this.next.hidden) return;
    this.next.replaceChildren(
      "The draft note is ready. ",
      el("a", { class: "button primary", href: `/notes/${noteId}` }, "Open the draft"),
    );
    this.next.hidden = false;
    announce("The draft note is ready");
    this.#finished();
  }

  #showModel(model) {
    if (!model) return;
    const demo = model.demo ? ": a demo model that knows a small vocabulary and synthetic voices only" : "";
    this.model.textContent = `Heard by ${model.name} ${model.version}${demo}.`;
  }

  #detailOf(state) {
    if (state.explanation) return state.explanation;
    if (state.status === "running" && state.transcribed_seconds) return `${clock(state.transcribed_seconds)} transcribed so far`;
    if (state.status === "queued") return "It starts by itself; you may leave this page.";
    return "";
  }

  /** Pages that show the outcome themselves are asked anew; others get a link to it. */
  #finished() {
    this.#close();
    this.connection.textContent = "";
    if (this.hasAttribute("reload")) location.reload();
    else if (this.next.hidden) {
      const link = el("a", { href: `/recordings/${this.getAttribute("recording-id")}` }, "See what can be done");
      this.next.className = "notice warn";
      this.next.replaceChildren(link);
      this.next.hidden = false;
    }
  }

  #tell(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail: { ...detail, recordingId: this.getAttribute("recording-id") } }));
  }
}

customElements.define("dra-progress", Progress);
