/** The bar of filters and saved views: what is asked for stands in the address, nothing about patients but an id. */
import { api, readable } from "../api.js";
import { PatientPicker } from "../calendar/patient-picker.js";
import { toast } from "../dom.js";
import { askForm, askName } from "./dialogs.js";

/** Events: "change" (detail: the query). */
export class Filters extends EventTarget {
  constructor(form, root) {
    super();
    this.form = form;
    this.root = root;
    form.addEventListener("change", (event) => this.#onChange(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#tell();
    });
    form.querySelector("[data-patient]").addEventListener("click", () => this.#patient());
    root.addEventListener("click", (event) => this.#onClick(event));
    this.#mark();
  }

  /** What is asked for, as it stands in the address. */
  get query() {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (value && !(name === "state" && value === "todo")) asked.append(name, value);
    }
    return asked.toString();
  }

  focus() {
    this.form.querySelector("input:not([type=hidden]), select").focus();
  }

  #onChange({ target }) {
    // Of deadlines only one can be asked for.
    if (target.name === "due" && target.checked) {
      for (const other of this.form.querySelectorAll('[name="due"]')) other.checked = other === target;
    }
    this.#mark();
    this.#tell();
  }

  #mark() {
    for (const select of this.form.querySelectorAll("select")) select.classList.toggle("is-set", select.selectedIndex > 0);
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("change", { detail: this.query }));
  }

  async #patient() {
    const field = this.form.elements.patient_id;
    if (!field.disabled && field.value) {
      field.value = "";
      field.disabled = true;
    } else {
      const picker = new PatientPicker({ canRegister: false });
      const patient = await askForm({
        title: "About one patient",
        body: picker.element,
        send: "Show",
        focus: picker.input,
        read: () => picker.patient || (picker.ask(), null),
      });
      if (!patient) return;
      field.disabled = false;
      field.value = patient.id;
    }
    // The name of the chip comes from the server: the page is asked for anew.
    const { query } = this;
    location.assign(query ? `/queue?${query}` : "/queue");
  }

  async #onClick(event) {
    if (event.target.closest("[data-save-view]")) await this.#save();
    const drop = event.target.closest("[data-drop-view]");
    if (drop) await this.#drop(drop.dataset.dropView);
  }

  /** The filter as the API has it. */
  get #filter() {
    const data = new FormData(this.form);
    const state = data.get("state");
    const one = (name) => (data.get(name) ? { [name]: data.get(name) } : {});
    return {
      mine: data.has("mine"),
      pool: data.getAll("pool"),
      severity: data.getAll("severity"),
      ...one("kind"),
      ...one("type"),
      ...one("due"),
      ...one("patient_id"),
      ...(["todo", "open"].includes(state) ? {} : { state }),
    };
  }

  async #save() {
    const name = await askName();
    if (!name) return;
    try {
      await api("POST", "/queues/views", { json: { name, filter: this.#filter }, idempotencyKey: crypto.randomUUID() });
      location.assign(`/queue?${this.query}`);
    } catch (error) {
      toast(readable(error), "bad");
    }
  }

  async #drop(id) {
    try {
      await api("DELETE", `/queues/views/${id}`);
      location.reload();
    } catch (error) {
      toast(readable(error), "bad");
    }
  }
}
