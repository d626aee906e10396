/** <dra-feed>: makes the private address of a calendar, which is shown this once. */
import { api, readable } from "../api.js";
import { announce, el } from "../dom.js";

class Feed extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.made = this.querySelector("[data-made]");
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.dataset.ready = "yes";
  }

  async #submit(event) {
    event.preventDefault();
    try {
      this.#show(await api("POST", "/calendar-feeds", { json: { label: this.form.elements.label.value } }));
    } catch (error) {
      this.#tell(el("p", { class: "notice bad", role: "alert" }, readable(error)));
    }
  }

  #tell(...parts) {
    this.made.replaceChildren(...parts);
    this.made.hidden = false;
  }

  /** The list above is asked for anew once the address has been put to use. */
  #show({ url, label }) {
    const address = el("input", { type: "text", readonly: true, value: url, class: "mono", "aria-label": `Address of ${label}` });
    const copy = el("button", { class: "button primary", type: "button" }, "Copy");
    const done = el("button", { class: "button", type: "button" }, "Done");
    const said = el("p", { role: "status" });
    copy.addEventListener("click", () => this.#copy(address, said));
    done.addEventListener("click", () => location.reload());
    this.form.hidden = true;
    this.#tell(
      el(
        "div",
        { class: "notice ok stack-tight" },
        el("strong", {}, "Copy the address now: it is shown this once."),
        el("p", {}, "Whoever has it can see when you are booked. Add it to your calendar program as a subscription; revoke it when a device is lost."),
        el("div", { class: "row feed-address" }, address, copy, done),
        said,
      ),
    );
    address.focus();
    address.select();
    announce("The address is ready to be copied");
  }

  async #copy(address, said) {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Press Ctrl C to copy it.";
    }
  }
}

customElements.define("dra-feed", Feed);
