/** <dra-waiting>: around the list of those who wait; finds free times to offer by hand. */
import { api, readable } from "../api.js";
import { el, openDialog, toast } from "../dom.js";

const SHOWN = 6;
const LOOKED_AT = 50;
const LIST = "/waiting-list";

class Waiting extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-find]");
      if (button) this.#find(button);
    });
    this.addEventListener("dra:done", ({ detail }) => this.#tellKept(detail.answer));
    this.dataset.ready = "yes";
  }

  /** After a yes: appointments of the same kind that may now be needless. */
  #tellKept(answer) {
    if (!answer?.kept?.length) return;
    toast("The patient still has a later appointment of this kind: look whether it is needed.", "warn", { seconds: 20 });
  }

  async #find(button) {
    const wanted = new URLSearchParams({ limit: LOOKED_AT });
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.find))) {
      for (const each of [value].flat()) wanted.append(name, each);
    }
    try {
      const { items } = await api("GET", `/slots?${wanted}`);
      const [from, until] = button.dataset.hours.split(" ");
      const suiting = items.filter((slot) => this.#clock(slot.starts_at) >= from && this.#ends(slot) <= until);
      this.#choose(button.dataset.entry, suiting.slice(0, SHOWN));
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  #choose(entryId, slots) {
    const cancel = el("button", { class: "button", type: "button" }, "Cancel");
    const note = el("p", { role: "status" }, slots.length ? "The time you choose is held for the patient until they answer." : "Nothing that suits is free in the coming months.");
    const list = el("div", { class: "slot-list" });
    const { dialog } = openDialog({ title: "Offer a time", body: el("div", { class: "stack" }, note, list), buttons: cancel });
    cancel.addEventListener("click", () => dialog.close());
    for (const slot of slots) {
      const text = this.#when(slot);
      const button = el("button", { class: "button", type: "button" }, el("strong", {}, text), ` ${slot.practitioner_name}`);
      button.addEventListener("click", () => this.#offer(entryId, slot, text, dialog, note));
      list.append(button);
    }
    (list.querySelector("button") ?? cancel).focus();
  }

  /** The clinic's wall at an instant, in the zone the page names. */
  #wall(instant) {
    const options = { timeZone: this.getAttribute("zone"), weekday: "short", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const parts = new Intl.DateTimeFormat("en-US", options).formatToParts(new Date(instant));
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }

  #clock(instant) {
    const { hour, minute } = this.#wall(instant);
    return `${hour}:${minute}`;
  }

  /** What ends at midnight ends that day. */
  #ends({ ends_at }) {
    const clock = this.#clock(ends_at);
    return clock === "00:00" ? "24:00" : clock;
  }

  #when({ starts_at }) {
    const { weekday, day, month } = this.#wall(starts_at);
    return `${weekday} ${day}-${month} ${this.#clock(starts_at)}`;
  }

  async #offer(entryId, slot, text, dialog, note) {
    const { practitioner_id, starts_at, room_id } = slot;
    try {
      await api("POST", `${LIST}/${entryId}/offers`, { json: { practitioner_id, starts_at, room_id }, idempotencyKey: crypto.randomUUID() });
      dialog.close();
      toast(`${text} is held; call the patient.`, "ok");
    } catch (error) {
      // Perhaps somebody else, or the worker, was quicker: the list behind tells.
      note.textContent = readable(error);
    }
    this.querySelector("dra-fresh").refresh();
  }
}

customElements.define("dra-waiting", Waiting);
