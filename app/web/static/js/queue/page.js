/** <dra-queue>: the page nurses keep open all shift: list, filters, panel, keys, and the line to the server. */
import { api, readable } from "../api.js";
import { useClinicClock } from "../calendar/zone.js";
import { announce, dataBlock, el, toast } from "../dom.js";
import { tick } from "./countdown.js";
import { Filters } from "./filters.js";
import { listenToKeys } from "./keys.js";
import { Line } from "./live.js";
import { Moves, itemOf, takeBack, told } from "./moves.js";
import { NewItem } from "./new-item.js";
import { Panel } from "./panel.js";
import { remember, remembered } from "./preferences.js";
import { Rows } from "./rows.js";
import { Selection } from "./selection.js";
import { Sound } from "./sound.js";

const TICK_MS = 15_000;
const LEASES_MS = 180_000;
const COUNTS_MS = 3000;

class Queue extends HTMLElement {
  #counting = null;
  #more = "";

  connectedCallback() {
    this.query = this.getAttribute("query");
    this.choices = dataBlock("queue-choices");
    const part = this.querySelector("[data-part]");
    this.#more = part.dataset.more;
    useClinicClock(this.getAttribute("zone"), part.dataset.now);
    this.#build();
    this.#listen();
    this.#tend();
    this.#density(remembered("roomy", false));
    this.dataset.ready = "yes";
  }

  disconnectedCallback() {
    this.line.end();
    clearInterval(this.ticking);
    clearInterval(this.renewing);
  }

  #find(name) {
    return this.querySelector(`[data-${name}]`);
  }

  #build() {
    const after = (id, answer) => this.#changedHere(id, answer);
    this.rows = new Rows(this.#find("body"), { ask: (ids) => this.#askRows(ids), fresh: this.#find("fresh") });
    this.moves = new Moves({ choices: this.choices, after });
    this.panel = new Panel(this.#find("panel"), { fragment: (path, signal) => this.#fragment(path, signal), moves: this.moves, after });
    this.filters = new Filters(this.#find("filters"), this);
    this.selection = new Selection(this.rows, this.#find("bulk"), after);
    this.sound = new Sound(this.#find("sound"));
    this.line = new Line(this.#find("live"));
  }

  #listen() {
    this.line.addEventListener("change", ({ detail }) => this.#heard(detail));
    this.line.addEventListener("reload", () => this.#refresh());
    this.rows.addEventListener("count", () => this.#showCount());
    this.rows.addEventListener("critical", () => this.sound.ring());
    this.filters.addEventListener("change", ({ detail }) => this.#show(detail, { push: true }));
    this.panel.addEventListener("open", ({ detail }) => this.#mark(detail));
    this.panel.addEventListener("close", ({ detail }) => this.#closed(detail));
    this.addEventListener("click", (event) => this.#onClick(event));
    addEventListener("popstate", () => location.reload());
    listenToKeys(this.#keys());
  }

  #tend() {
    this.ticking = setInterval(() => {
      tick(this.rows.body);
      this.panel.tick();
    }, TICK_MS);
    this.renewing = setInterval(() => this.#renew(), LEASES_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.#renew());
    if (!this.panel.element.hidden) this.#mark(this.panel.item.id);
    this.#renew();
  }

  #keys() {
    const here = (name) => () => this.moves.make(name, this.#item);
    return {
      j: () => this.#step(1),
      ArrowDown: () => this.#step(1),
      k: () => this.#step(-1),
      ArrowUp: () => this.#step(-1),
      Escape: () => this.panel.close(),
      c: here("claim"),
      x: here("release"),
      d: here("done"),
      a: here("acknowledge"),
      s: here("snooze"),
      h: here("handover"),
      H: () => this.moves.shift(),
      o: () => this.#openChart(),
      n: () => this.#next(),
      t: () => this.#new("task"),
      A: () => this.#new("alert"),
      f: () => this.filters.focus(),
      z: takeBack,
      ".": () => this.rows.showNew(),
    };
  }

  /** What lies open beside the list goes along. */
  #step(by) {
    this.rows.step(by);
    const id = this.rows.current?.dataset.row;
    if (id && this.panel.item && this.panel.item.id !== id) this.panel.open(id, { focus: false });
  }

  /** What the keys mean: the row in hand, else what lies open beside the list. */
  get #item() {
    const row = this.rows.current;
    if (row) return itemOf(row);
    if (!this.panel.item) toast("Choose a row first: j and k move.", "", { seconds: 4 });
    return this.panel.item;
  }

  #onClick(event) {
    const { target } = event;
    const row = target.closest("[data-row]");
    if (row && target.closest("[data-open]") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      this.panel.open(row.dataset.row);
    } else if (row && target.closest(".q-act [data-move]")) this.moves.make(target.closest("[data-move]").dataset.move, itemOf(row));
    else if (target.closest("[data-next]")) this.#next();
    else if (target.closest("[data-shift]")) this.moves.shift();
    else if (target.closest("[data-new]")) this.#new(target.closest("[data-new]").dataset.new);
    else if (target.closest("[data-density]")) this.#density(!this.classList.contains("q-roomy"));
    else if (target.closest("[data-more-rows]")) this.#showMore();
  }

  // The list.

  async #fragment(path, signal) {
    // htmx's header asks for a plain 401 instead of the sign-in page.
    const answer = await fetch(path, { headers: { "HX-Request": "true" }, cache: "no-store", signal });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  #part(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const part = holder.content.firstElementChild;
    useClinicClock(this.getAttribute("zone"), part.dataset.now);
    return part;
  }

  async #askRows(ids) {
    const asked = new URLSearchParams(this.query);
    for (const id of ids) asked.append("id", id);
    return this.#part(await this.#fragment(`/fragments/queue/rows?${asked}`));
  }

  /** Other filters: another list, and the address says so. */
  async #show(query, { push = false } = {}) {
    this.query = query;
    const address = query ? `/queue?${query}` : "/queue";
    if (push) history.pushState(null, "", address);
    try {
      const html = await this.#fragment(`/fragments/queue/list?${query}`);
      const part = this.#part(html);
      this.rows.replace(html);
      this.#more = part.dataset.more;
      this.#find("more-rows").hidden = !this.#more;
      this.#find("save-view").hidden = this.#find("clear").hidden = !query;
      for (const link of this.querySelectorAll("a[data-view].q-chip")) {
        link.toggleAttribute("aria-current", false);
        if (link.getAttribute("href") === address) link.setAttribute("aria-current", "true");
      }
      announce(part.dataset.summary);
      this.#countSoon();
    } catch {
      toast("The list could not be loaded. It is tried again by itself.", "bad");
    }
  }

  async #refresh() {
    try {
      this.rows.merge(this.#part(await this.#fragment(`/fragments/queue/list?${this.query}`)));
      await this.panel.refresh();
      this.#countSoon();
    } catch {
      /* the line says that it is not live; the next look tries again */
    }
  }

  async #showMore() {
    try {
      const part = this.#part(await this.#fragment(`/fragments/queue/list?${this.#more}`));
      this.rows.append(part);
      this.#more = part.dataset.more;
      this.#find("more-rows").hidden = !this.#more;
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  #heard(change) {
    this.rows.changed(change.item_id);
    if (change.item_id === this.panel.item?.id) this.panel.refresh();
    this.#countSoon();
  }

  async #changedHere(id) {
    const row = this.rows.row(id);
    const hadFocus = row?.contains(document.activeElement);
    await this.rows.changedHere(id);
    if (this.panel.item?.id === id) await this.panel.refresh();
    if (hadFocus && !this.rows.current) this.rows.focus(this.rows.row(id));
    this.#countSoon();
  }

  #showCount() {
    const fresh = this.#find("fresh");
    const waiting = this.rows.newest;
    const before = Number(fresh.dataset.waiting ?? 0);
    fresh.dataset.waiting = String(waiting);
    fresh.hidden = waiting === 0;
    fresh.classList.toggle("has-critical", this.rows.criticalWaits);
    fresh.replaceChildren(`${waiting} new `, el("kbd", { "aria-hidden": "true" }, "."));
    document.title = document.title.replace(/^(\(\d+\) )?/, waiting ? `(${waiting}) ` : "");
    if (waiting > before) announce(`${waiting} new${this.rows.criticalWaits ? ", critical" : ""}`, { urgent: this.rows.criticalWaits });
    const shown = this.rows.all.length;
    this.#find("list").querySelector("[data-summary]").textContent = shown ? `${shown} row${shown === 1 ? "" : "s"}${this.#more ? " and more" : ""}` : "nothing";
  }

  #countSoon() {
    this.#counting ??= setTimeout(() => this.#count(), COUNTS_MS);
  }

  async #count() {
    this.#counting = null;
    try {
      const { mine, pools, counted_up_to: most } = await api("GET", "/queues/counts");
      const said = (number) => (number >= most ? `${number}+` : String(number));
      const total = (name) => said(pools.reduce((sum, pool) => sum + pool[name], 0));
      const numbers = { mine: said(mine.held + mine.waiting), critical: total("critical"), overdue: total("overdue") };
      for (const pool of pools) numbers[`pool:${pool.pool_id}`] = said(pool.waiting);
      for (const node of this.querySelectorAll("[data-count]")) node.textContent = numbers[node.dataset.count] ?? "";
    } catch {
      /* the numbers stay as they were */
    }
  }

  // The panel.

  #mark(id) {
    for (const row of this.rows.all) row.classList.toggle("is-open", row.dataset.row === id);
  }

  #closed(id) {
    this.#mark(null);
    this.rows.focus(this.rows.row(id));
  }

  #openChart() {
    const item = this.#item;
    if (item?.chart) window.open(item.chart, "_blank", "noopener");
    else if (item) toast("This is about no patient.", "", { seconds: 4 });
  }

  // What the buttons above the list do.

  async #next() {
    const asked = new URLSearchParams(this.query).getAll("pool");
    const pool = asked.length === 1 ? asked[0] : this.getAttribute("next-pool");
    try {
      const taken = await api("POST", `/queues/${pool}/next`, { idempotencyKey: crypto.randomUUID() });
      if (!taken) return told("Nothing waits there.");
      told(`Claimed: ${taken.title}`, () => this.moves.release({ id: taken.id, kind: taken.kind, title: taken.title }));
      await this.rows.changedHere(taken.id);
      this.rows.showOne(taken.id);
      await this.panel.open(taken.id);
    } catch (error) {
      toast(readable(error), "bad");
    }
    return undefined;
  }

  async #new(kind) {
    const made = await new NewItem(kind, this.choices).ask();
    if (!made) return;
    told(`${kind === "task" ? "Added" : "Raised"}: ${made.title}`);
    await this.rows.changedHere(made.id);
    this.rows.showOne(made.id);
  }

  #density(roomy) {
    this.classList.toggle("q-roomy", roomy);
    this.#find("density").setAttribute("aria-pressed", String(roomy));
    remember("roomy", roomy);
  }

  /** Whoever has the page open keeps what they hold. */
  async #renew() {
    await api("POST", "/queues/leases", { askToSignIn: false }).catch(() => {});
  }
}

customElements.define("dra-queue", Queue);
