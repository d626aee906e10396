/** A time kept for as long as a dialog is open, and given back when it closes. */
import { ApiProblem, api } from "../api.js";
import { announce, el } from "../dom.js";
import { clock } from "../formats.js";
import { now } from "./zone.js";

const SETTLED_MS = 250;
const WARNING_S = 60;

const sameTime = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Events: "held", "refused" (detail: the answer {conflicts, …}), "trouble" (detail: the error). */
export class Hold extends EventTarget {
  #wanted = null;
  #asked = null;
  #timer = null;
  #ticking = null;
  #working = Promise.resolve();
  #closed = false;
  #warned = false;

  constructor(store) {
    super();
    this.store = store;
    this.appointment = null;
    this.element = el("p", { class: "cal-hold", hidden: true });
    addEventListener("pagehide", this.#leave);
  }

  get id() {
    return this.appointment?.id ?? null;
  }

  /** Hold this time instead of whatever was held; asks once the fields have come to rest. */
  want(proposal) {
    if (this.#closed || sameTime(proposal, this.#wanted)) return;
    this.#wanted = proposal;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.renew(), SETTLED_MS);
  }

  /** Ask again for what is wanted, such as after the hold ran out. */
  renew() {
    clearTimeout(this.#timer);
    this.#working = this.#working.then(() => this.#ask(this.#wanted));
    return this.#working;
  }

  /** When what was asked has been answered. */
  async settled() {
    clearTimeout(this.#timer);
    if (this.#wanted && !sameTime(this.#asked, this.#wanted)) await this.renew();
    await this.#working;
  }

  async #ask(proposal) {
    if (!proposal || this.#closed) return;
    this.#asked = proposal;
    try {
      const held = await api("POST", "/appointments/holds", { json: { ...proposal, replaces: this.id } });
      this.#keep(held);
      if (this.#closed) await this.#giveBack();
      else this.dispatchEvent(new CustomEvent("held"));
    } catch (error) {
      await this.#giveBack();
      if (error instanceof ApiProblem && error.code === "slot-taken") {
        this.dispatchEvent(new CustomEvent("refused", { detail: error.facts }));
      } else this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
    }
  }

  #keep(held) {
    if (this.id && this.id !== held.id) this.store.forget(this.id);
    this.appointment = held;
    this.store.ownHoldId = held.id;
    this.store.apply(held);
    this.#warned = false;
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #tick() {
    const left = Math.floor((new Date(this.appointment.expires_at) - now()) / 1000);
    this.element.hidden = false;
    this.element.classList.toggle("soon", left <= WARNING_S);
    if (left <= 0) return this.#expired();
    this.element.replaceChildren("Held for you: ", el("strong", {}, clock(left)));
    if (left > WARNING_S || this.#warned) return undefined;
    this.#warned = true;
    return announce("The time is held for one more minute", { urgent: true });
  }

  #expired() {
    clearInterval(this.#ticking);
    this.store.forget(this.id);
    this.appointment = null;
    this.#asked = null;
    const again = el("button", { class: "button small", type: "button", onclick: () => this.renew() }, "Hold again");
    this.element.replaceChildren("The hold has run out; somebody else may take this time. ", again);
  }

  async #giveBack() {
    const { id } = this;
    clearInterval(this.#ticking);
    this.appointment = null;
    this.element.hidden = true;
    if (!id) return;
    this.store.forget(id);
    if (this.store.ownHoldId === id) this.store.ownHoldId = null;
    await api("DELETE", `/appointments/holds/${id}`, { keepalive: true, askToSignIn: false }).catch(() => {});
  }

  /** The held time has become an appointment: nothing is to be given back. */
  becameAppointment() {
    this.#stop();
    this.appointment = null;
    this.store.ownHoldId = null;
  }

  /** Give the time back; the end of this hold. */
  async release() {
    this.#stop();
    await this.#working;
    await this.#giveBack();
  }

  /** Let go of the held time without ending, because something bigger is about to be booked there. */
  async letGo() {
    await this.#working;
    this.#asked = null;
    await this.#giveBack();
  }

  #stop() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ticking);
    removeEventListener("pagehide", this.#leave);
  }

  #leave = () => {
    this.#giveBack();
  };
}
