/** What can be done with an item: sent to the API, said in the corner, and taken back where that can be. */
import { ApiProblem, api, readable } from "../api.js";
import { announce, el, toast } from "../dom.js";
import { momentWords } from "./countdown.js";
import { askReason, askReceiver, askUntil } from "./dialogs.js";

const SHOWN_MS = 15_000;
const ASKS_WHY = new Set(["reason-missing", "checklist-open", "still-waits"]);

/** "/tasks/…" or "/alerts/…". */
export const pathOf = (item) => `/${item.kind}s/${item.id}`;

/** What a row or the panel says about its item. */
export function itemOf(node) {
  const { row, kind, severity, moves } = node.dataset;
  return {
    id: row,
    kind,
    severity,
    moves: new Set(moves.split(" ").filter(Boolean)),
    title: node.querySelector("[data-open], [data-title]").textContent,
    chart: node.querySelector("[data-chart]")?.getAttribute("href") ?? "",
  };
}

function why(error) {
  if (error instanceof ApiProblem && error.code === "item-held") return "Somebody else has it already.";
  return readable(error);
}

/** Say that something was done, with a way back where there is one. */
export function told(text, back = null) {
  const region = document.getElementById("toasts");
  for (const old of region.querySelectorAll("[data-queue-told]")) old.remove();
  const box = el("div", { class: "notice ok", "data-queue-told": "" });
  const undo = back && el("button", { class: "button small push", type: "button", onclick: () => (box.remove(), back()) }, "Undo ", el("kbd", { "aria-hidden": "true" }, "z"));
  const close = el("button", { class: back ? "button small" : "button small push", type: "button", onclick: () => box.remove() }, "Close");
  box.append(el("div", { class: "row" }, el("span", {}, text), undo, close));
  region.append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

/** Press "Undo" from the keyboard. */
export function takeBack() {
  const undo = document.querySelector("[data-queue-told] .push");
  if (undo?.textContent.startsWith("Undo")) undo.click();
  else toast("There is nothing to take back.", "", { seconds: 4 });
}

/** The moves of the queue page; `after(id)` is called after each, `choices` are people and pools. */
export class Moves {
  #busy = new Set();

  constructor({ choices, after }) {
    this.choices = choices;
    this.after = after;
  }

  /** Make a move by its name, if it may be made now. */
  async make(name, item) {
    if (!item) return;
    if (item.moves && !item.moves.has(name)) {
      toast(`This cannot be done here: ${item.title}`, "warn", { seconds: 4 });
      return;
    }
    if (this.#busy.has(item.id)) return;
    this.#busy.add(item.id);
    try {
      await this[name](item);
    } finally {
      this.#busy.delete(item.id);
    }
  }

  /** True when the server agreed. */
  async #send(item, noun, json, said, back = null, method = "POST") {
    try {
      const idempotencyKey = method === "POST" ? crypto.randomUUID() : undefined;
      const answer = await api(method, `${pathOf(item)}/${noun}`, { json, idempotencyKey });
      told(said, back);
      announce(said);
      await this.after(item.id, answer);
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && ASKS_WHY.has(error.code) && !json?.reason) throw error;
      toast(why(error), "bad");
      await this.after(item.id);
      return false;
    }
  }

  claim(item) {
    return this.#send(item, "claim", undefined, `Claimed: ${item.title}`, () => this.release(item));
  }

  release(item) {
    return this.#send(item, "release", {}, `Released: ${item.title}`, () => this.claim(item));
  }

  acknowledge(item) {
    return this.#because(item, "acknowledgement", "Acknowledge", `Acknowledged: ${item.title}`, () => this.release(item));
  }

  /** Done, or resolved. */
  done(item) {
    const [noun, verb, said] = item.kind === "task" ? ["completion", "Done", "Done"] : ["resolution", "Resolve", "Resolved"];
    return this.#because(item, noun, verb, `${said}: ${item.title}`);
  }

  cancel(item) {
    return this.#because(item, "cancellation", "Call off", `Called off: ${item.title}`, null, { ask: true });
  }

  escalate(item) {
    return this.#send(item, "escalation", undefined, `Escalated: ${item.title}`);
  }

  async snooze(item) {
    const until = await askUntil(item);
    if (!until) return false;
    const said = `Snoozed until ${momentWords(until.until)}: ${item.title}`;
    return this.#send(item, "snooze", until, said, () => this.#send(item, "snooze", undefined, `Back in the queue: ${item.title}`, null, "DELETE"));
  }

  async handover(item) {
    const receiver = await askReceiver({ title: `Hand over: ${item.title}`, choices: this.choices, send: "Hand over" });
    if (!receiver) return false;
    return this.#send(item, "handover", receiver.json, `Handed to ${receiver.name}: ${item.title}`);
  }

  /** Everything one holds. */
  async shift() {
    const receiver = await askReceiver({
      title: "Hand over everything you hold",
      choices: this.choices,
      send: "Hand over the shift",
      noteNeeded: true,
    });
    if (!receiver) return;
    try {
      const { item_ids: ids } = await api("POST", "/queues/handover", { json: receiver.json, idempotencyKey: crypto.randomUUID() });
      told(ids.length ? `Handed to ${receiver.name}: ${ids.length}` : "You hold nothing: there was nothing to hand over.");
      for (const id of ids) this.after(id);
    } catch (error) {
      toast(why(error), "bad");
    }
  }

  /** What is critical is asked for a reason first; the rest only when the server wants one. */
  async #because(item, noun, verb, said, back = null, { ask = false } = {}) {
    if (!ask && item.severity !== "critical") {
      try {
        return await this.#send(item, noun, {}, said, back);
      } catch (error) {
        return this.#explain(item, noun, verb, said, back, error);
      }
    }
    return this.#explain(item, noun, verb, said, back, null);
  }

  async #explain(item, noun, verb, said, back, problem) {
    const reason = await askReason({ item, verb, problem });
    if (!reason) return false;
    return this.#send(item, noun, { reason }, said, back);
  }
}
