/** <dra-waiting>: around the list of those who wait; finds free times to offer by hand. */
import { api, readable } from "../api.js";
import { el, openDialog, toast } from "../dom.js";

const SHOWN = 6;
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
    const wanted = new URLSearchParams({ limit: SHOWN });
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.find))) {
      for (const each of [value].flat()) wanted.append(name, each);
    }
    try {
      const [{ items }, doctors] = await Promise.all([api("GET", `/slots?${wanted}`), this.#doctors()]);
      this.#choose(button.dataset.entry, items, doctors);
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  async #doctors() {
    const { items } = await api("GET", "/practitioners");
    return new Map(items.map((one) => [one.id, one.full_name]));
  }

  #choose(entryId, slots, doctors) {
    const cancel = el("button", { class: "button", type: "button" }, "Cancel");
    const note = el("p", { role: "status" }, slots.length ? "The time you choose is held for the patient until they answer." : "Nothing is free in the coming months.");
    const list = el("div", { class: "slot-list" });
    const { dialog } = openDialog({ title: "Offer a time", body: el("div", { class: "stack" }, note, list), buttons: cancel });
    cancel.addEventListener("click", () => dialog.close());
    for (const slot of slots) {
      const text = this.#when(slot);
      const button = el("button", { class: "button", type: "button" }, el("strong", {}, text), ` ${doctors.get(slot.practitioner_id) ?? ""}`);
      button.addEventListener("click", () => this.#offer(entryId, slot, text, dialog, note));
      list.append(button);
    }
    (list.querySelector("button") ?? cancel).focus();
  }

  /** In the clinic's zone, which the page names. */
  #when(slot) {
    const options = { timeZone: this.getAttribute("zone"), weekday: "short", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const part = Object.fromEntries(new Intl.DateTimeFormat("en-US", options).formatToParts(new Date(slot.starts_at)).map(({ type, value }) => [type, value]));
    return `${part.weekday} ${part.day}-${part.month} ${part.hour}:${part.minute}`;
  }

  async #offer(entryId, slot, text, dialog, note) {
    const { practitioner_id, starts_at, room_id } = slot;
    try {
      await api("POST", `${LIST}/${entryId}/offers`, { json: { practitioner_id, starts_at, room_id }, idempotencyKey: crypto.randomUUID() });
      dialog.close();
      toast(`${text} is held; call the patient.`, "ok");
      this.querySelector("dra-fresh").refresh();
    } catch (error) {
      note.textContent = readable(error);
    }
  }
}

customElements.define("dra-waiting", Waiting);
