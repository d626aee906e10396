/** <dra-order-draft>: what is about to be ordered; every step is stored, nothing is ordered before it is placed. */
import { ApiProblem, api, readable } from "../api.js";
import { announce, dataBlock, el, toast } from "../dom.js";
import { calendarDay } from "./days.js";
import { Options } from "./options.js";

class OrderDraft extends HTMLElement {
  #desk = dataBlock("order-desk");
  #order = null;
  #busy = Promise.resolve();

  connectedCallback() {
    this.#order = this.#desk.order;
    this.input = this.querySelector("#order-search");
    this.place = this.querySelector("[data-place]");
    this.refused = this.querySelector("[data-refused]");
    this.priority = this.querySelector("#order-priority");
    new Options(this.input, this.querySelector("#order-options"), {
      kinds: this.#desk.kinds,
      onPick: (item, name) => this.#add([item], name),
    });
    this.place.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#place();
    });
    this.#prepareSets();
    document.addEventListener("order-drafted", () => this.#again());
    if (this.#order) this.priority.value = this.#order.priority;
    this.#draw();
    this.dataset.ready = "yes";
  }

  /** One request after the other: each answer is the whole draft. */
  #do(work) {
    this.#busy = this.#busy.then(async () => {
      try {
        this.refused.hidden = true;
        await work();
      } catch (error) {
        this.#refuse(readable(error));
      }
    });
    return this.#busy;
  }

  #add(items, said) {
    return this.#do(async () => {
      if (this.#order) this.#order = await api("POST", `/orders/${this.#order.id}/items`, { json: { items } });
      else this.#order = await api("POST", "/orders", { json: { patient_id: this.#desk.patient_id, items } });
      this.#draw();
      announce(`${said} is in the draft`);
    });
  }

  /** Something else has put things into a draft: take the latest of mine. */
  #again() {
    return this.#do(async () => {
      const found = await api("GET", `/orders?patient_id=${this.#desk.patient_id}&status=draft&limit=100`);
      const user = document.querySelector('meta[name="user-id"]').content;
      this.#order = found.items.find((one) => one.placed_at === null && one.orderer.id === user) ?? null;
      this.#draw();
    });
  }

  #remove(item) {
    return this.#do(async () => {
      await api("POST", `/order-items/${item.id}/revocation`, { json: { reason: "Taken off the draft." } });
      this.#order = await api("GET", `/orders/${this.#order.id}`);
      this.#draw();
      this.input.focus();
      announce(`${item.name} was taken out`);
    });
  }

  #describe(item, row) {
    const said = {};
    for (const field of row.querySelectorAll("[data-says]")) said[field.dataset.says] = field.value.trim() || null;
    return this.#do(async () => {
      const answer = await api("PUT", `/order-items/${item.id}/details`, { json: said });
      this.#order = { ...answer, items: answer.items };
    });
  }

  #draw() {
    const items = this.#order?.items ?? [];
    if (!items.length) this.#order = this.#order?.items.length === 0 ? null : this.#order;
    this.place.hidden = !items.length;
    const badge = document.querySelector("[data-draft-state]");
    if (badge) badge.hidden = !items.length;
    this.querySelector("[data-items]").replaceChildren(...items.map((item) => this.#row(item)));
  }

  #row(item) {
    const hints = [this.#desk.kinds[item.kind]];
    if (item.specimen) hints.push(`specimen: ${item.specimen}`);
    if (item.fasting_hours) hints.push(`fasting for ${item.fasting_hours} hours`);
    const out = el("button", { class: "button small", type: "button", "aria-label": `Take out ${item.name}` }, "Take out");
    out.addEventListener("click", () => this.#remove(item));
    const row = el(
      "div",
      { class: "draft-item", "data-item": item.id, role: "group", "aria-label": item.name },
      el("div", { class: "row" }, el("div", {}, el("strong", {}, item.name), el("p", { class: "muted" }, hints.join(" · "))), out),
      item.earlier && this.#warning(item),
      el(
        "details",
        { open: Boolean(item.reason || item.instructions || item.wanted_on) },
        el("summary", {}, "Reason, instructions, day", el("span", { class: "visually-hidden" }, ` of ${item.name}`)),
        el("div", { class: "fields" }, this.#field(item, "reason", "Reason", 500), this.#field(item, "instructions", "Instructions", 1000), this.#field(item, "wanted_on", "On what day", null)),
      ),
    );
    row.addEventListener("change", () => this.#describe(item, row));
    return row;
  }

  #field(item, name, label, longest) {
    const id = `${name}-${item.id}`;
    const kind = longest ? { type: "text", maxlength: longest } : { type: "date" };
    const input = el("input", { id, ...kind, autocomplete: "off", value: item[name] ?? "", "data-says": name });
    return el("div", { class: "field" }, el("label", { for: id }, label), input);
  }

  #warning(item) {
    const { name, on, status, order_id: order } = item.earlier;
    const state = this.#desk.states[status];
    return el(
      "div",
      { class: "notice warn", "data-duplicate": "" },
      el("strong", {}, "Ordered before"),
      el("p", {}, `${name}: ${state}, ${calendarDay(on)}. `, el("a", { href: `/orders/${order}` }, "Look at it")),
      this.#field(item, "duplicate_reason", "Why it is to be ordered again", 500),
    );
  }

  #refuse(text) {
    this.refused.textContent = text;
    this.place.hidden = false;
    this.refused.hidden = false;
    this.refused.focus();
  }

  #place() {
    const missing = [...this.querySelectorAll("[data-duplicate] input")].find((input) => !input.value.trim());
    if (missing) {
      this.#refuse("Something here was ordered before: give a reason to order it again, or take it out.");
      missing.focus();
      return;
    }
    this.#do(async () => {
      try {
        const said = { version: this.#order.version, priority: this.priority.value };
        await api("POST", `/orders/${this.#order.id}/placement`, { json: said });
        location.hash = "h-open";
        location.reload();
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        this.#order = await api("GET", `/orders/${this.#order.id}`);
        this.#draw();
        throw error;
      }
    });
  }

  #prepareSets() {
    const part = document.querySelector("[data-sets]");
    const choice = part.querySelector("select");
    const list = part.querySelector("[data-of-set]");
    const button = part.querySelector("[data-apply]");
    choice.addEventListener("change", () => {
      const items = this.#desk.sets[choice.value] ?? [];
      list.hidden = button.disabled = !items.length;
      list.querySelector("div").replaceChildren(
        ...items.map((item) => el("label", { class: "choice" }, el("input", { type: "checkbox", value: item.key, checked: item.ticked }), item.name)),
      );
    });
    button.addEventListener("click", () => {
      const keys = [...list.querySelectorAll("input:checked")].map((input) => input.value);
      if (!keys.length) return toast("Tick something of the set first.", "warn");
      return this.#do(async () => {
        this.#order ??= await api("POST", "/orders", { json: { patient_id: this.#desk.patient_id, items: [] } });
        this.#order = await api("POST", `/orders/${this.#order.id}/sets`, { json: { set_id: choice.value, keys } });
        this.#draw();
        announce(`${keys.length} of the set are in the draft`);
      });
    });
  }
}

customElements.define("dra-order-draft", OrderDraft);
