/** A time became free: who is waiting for one like it, and an offer that really holds it for them. */
import { api, readable } from "../api.js";
import { el, openDialog, toast } from "../dom.js";
import { minutesText, momentText, now, weekdayName } from "./zone.js";

const URGENCY = { urgent: "urgent", soon: "soon", routine: "routine" };

const sameTime = (offer, slot) =>
  offer &&
  offer.practitioner_id === slot.practitioner_id &&
  new Date(offer.starts_at) < new Date(slot.ends_at) &&
  new Date(offer.ends_at) > new Date(slot.starts_at);

/** What suits somebody, in a few words. */
function wishOf(entry) {
  const days = entry.weekdays.map((day) => weekdayName(day).slice(0, 3)).join(", ");
  const hours = [entry.from_time && `from ${entry.from_time}`, entry.until_time && `until ${entry.until_time}`];
  const whom = entry.practitioner_name ?? entry.specialty ?? "anyone";
  return [whom, days, ...hours].filter(Boolean).join(", ");
}

function waitedText(entry) {
  const days = Math.floor((now() - new Date(entry.created_at)) / 86_400_000);
  return days < 1 ? "since today" : `for ${days} day${days === 1 ? "" : "s"}`;
}

class WaitingDialog {
  constructor(desk, slot, entries) {
    this.desk = desk;
    this.slot = slot;
    this.entries = entries;
    this.list = el("ul", { class: "rows cal-waiting" });
    this.note = el("p", { class: "hint", role: "status" });
    const done = el("button", { class: "button", type: "button", onclick: () => this.dialog.close() }, "Done");
    const count = entries.length;
    const { dialog, closed } = openDialog({
      title: `${count} ${count === 1 ? "person is" : "people are"} waiting for a time like this`,
      body: el(
        "div",
        { class: "stack" },
        el("p", {}, `${momentText(slot.starts_at)} with ${desk.store.nameOfDoctor(slot.practitioner_id)} is free again. An offer holds it until they answer.`),
        this.list,
        this.note,
      ),
      buttons: [done],
      className: "cal-middle",
    });
    Object.assign(this, { dialog, closed });
    this.#draw();
    (this.list.querySelector("button") ?? done).focus();
  }

  #draw() {
    this.list.replaceChildren(...this.entries.map((entry) => this.#row(entry)));
  }

  #row(entry) {
    const offer = sameTime(entry.offer, this.slot) ? entry.offer : null;
    return el(
      "li",
      {},
      el(
        "div",
        { class: "what" },
        el("strong", {}, entry.patient_name),
        el("p", { class: "detail" }, [entry.visit_type_name, wishOf(entry), entry.patient_phone].filter(Boolean).join(" · ")),
      ),
      el("span", { class: `badge ${entry.urgency === "urgent" ? "warn" : ""}` }, `${URGENCY[entry.urgency]}, waiting ${waitedText(entry)}`),
      el("div", { class: "act" }, offer ? this.#answers(entry, offer) : this.#offerButton(entry)),
    );
  }

  #offerButton(entry) {
    const taken = this.entries.some(({ offer, status }) => status === "offered" && sameTime(offer, this.slot)) || this.given;
    if (taken || entry.status !== "waiting") return entry.status === "booked" ? el("strong", {}, "Booked") : null;
    return el("button", { class: "button small primary", type: "button", onclick: () => this.#offer(entry) }, "Offer it", el("span", { class: "visually-hidden" }, ` to ${entry.patient_name}`));
  }

  #answers(entry, offer) {
    const left = minutesText((new Date(offer.expires_at) - now()) / 60_000);
    return [
      el("span", { class: "muted" }, `Held for ${left}`),
      el("button", { class: "button small primary", type: "button", onclick: () => this.#answer(entry, offer, "acceptance") }, "Accepted"),
      el("button", { class: "button small", type: "button", onclick: () => this.#answer(entry, offer, "refusal") }, "Declined"),
    ];
  }

  async #offer(entry) {
    const { practitioner_id, room_id, starts_at } = this.slot;
    await this.#ask(`/waiting-list/${entry.id}/offers`, { practitioner_id, room_id, starts_at }, `Held for ${entry.patient_name}.`);
  }

  async #answer(entry, offer, noun) {
    const said = noun === "acceptance" ? `Booked for ${entry.patient_name}.` : `${entry.patient_name} goes on waiting.`;
    const answer = await this.#ask(`/waiting-list/offers/${offer.id}/${noun}`, undefined, said);
    if (answer && noun === "acceptance") {
      this.given = true;
      entry.status = "booked";
      entry.offer = null;
      this.#draw();
      await this.desk.refresh();
    }
  }

  /** Ask, say what came of it, and look again at who waits. */
  async #ask(path, json, said) {
    try {
      const answer = await api("POST", path, json ? { json, idempotencyKey: crypto.randomUUID() } : {});
      this.note.textContent = said;
      await this.#reload();
      return answer;
    } catch (error) {
      this.note.textContent = readable(error);
      await this.#reload();
      return null;
    }
  }

  async #reload() {
    const ids = this.entries.map(({ id }) => id);
    this.entries = await Promise.all(ids.map((id) => api("GET", `/waiting-list/${id}`)));
    this.#draw();
    this.list.querySelector("button")?.focus();
  }
}

/** Look who waits for this time; says nothing when nobody does. Resolves once everything is answered. */
export async function offerWaiting(desk, slot) {
  const { practitioner_id, starts_at, ends_at } = slot;
  const query = new URLSearchParams({ practitioner_id, starts_at, ends_at });
  try {
    const [waiting, offered] = await Promise.all([
      api("GET", `/waiting-list/matches?${query}`),
      api("GET", "/waiting-list?status=offered&limit=100"),
    ]);
    // The clinic's own worker may have been quicker and have offered it to the first in line.
    const first = offered.items.filter(({ offer }) => sameTime(offer, slot));
    const rest = waiting.items.filter(({ id }) => !first.some((entry) => entry.id === id));
    const entries = [...first, ...rest];
    if (entries.length) await new WaitingDialog(desk, slot, entries).closed;
  } catch (error) {
    toast(readable(error), "bad");
  }
}
