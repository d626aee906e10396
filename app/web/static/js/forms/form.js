/**
 * <dra-form action method then version>: a form sent as JSON to the API; problems stand at their fields.
 * Event "sent" (detail: the answer): whoever prevents its default goes on by themselves.
 */
import { API_ROOT, ApiProblem, api, readable } from "../api.js";
import { announce, el, freshId } from "../dom.js";

/** How the text of a field becomes JSON, by its data-as. */
const CONVERT = {
  lines: (text) => text.split("\n").map((line) => line.trim()).filter(Boolean),
  optional: (text) => (text.trim() === "" ? null : text.trim()),
  verbatim: (text) => text,
  secret: (text) => text || null,
  number: (text) => Number(text),
  "known-lines": (text, input) => knownLines(text, input),
  yes: (_, input) => input.checked,
};

/** Elements that gather inputs into one member of the document (name, value), or several (names). */
const PARTS = "dra-contacts, [data-json]";

/** A clinical list: entries, or [] when "none known" is ticked, or null when nobody has asked. */
function knownLines(text, input) {
  const lines = CONVERT.lines(text);
  if (lines.length) return lines;
  const none = input.form.querySelector(`[data-none-of="${input.name}"]`);
  return none?.checked ? [] : null;
}

function valueOf(input) {
  const convert = CONVERT[input.dataset.as] ?? ((text) => text.trim());
  return convert(input.value, input);
}

class Form extends HTMLElement {
  #key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  #busy = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.summary = el("div", { class: "notice bad", role: "alert", tabindex: "-1", hidden: true });
    this.form.prepend(this.summary);
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.dataset.ready = "yes";
  }

  #document() {
    const json = {};
    for (const input of this.form.elements) {
      if (!input.name || input.disabled || input.closest(PARTS)) continue;
      if (input.type === "radio" && !input.checked) continue;
      json[input.name] = valueOf(input);
    }
    for (const part of this.form.querySelectorAll(PARTS)) {
      if (part.names) Object.assign(json, part.value);
      else json[part.getAttribute("name")] = part.value;
    }
    return json;
  }

  /** What the browser itself can see, said in the same place as the server's answer. */
  #faultsHere() {
    return [...this.form.elements]
      .filter((input) => input.willValidate && !input.validity.valid)
      .map((input) => ({ input, why: input.dataset.missing ?? input.validationMessage }));
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#busy) return;
    this.#clear();
    const faults = this.#faultsHere();
    if (faults.length) return this.#showFaults(faults);
    this.#busy = true;
    try {
      const options = { json: this.#document(), version: this.getAttribute("version") };
      const method = this.getAttribute("method") ?? "POST";
      if (method === "POST") options.idempotencyKey = this.#key;
      this.#done(await api(method, this.getAttribute("action").slice(API_ROOT.length), options));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#busy = false;
    }
  }

  #done(answer) {
    const sent = new CustomEvent("sent", { bubbles: true, cancelable: true, detail: answer });
    if (!this.dispatchEvent(sent)) return;
    const target = (this.getAttribute("then") ?? location.pathname).replaceAll("{id}", answer?.id ?? "");
    if (target.split("#")[0] === location.pathname) {
      location.hash = target.split("#")[1] ?? "";
      location.reload();
    } else location.assign(target);
  }

  #failed(error) {
    this.#key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    const faults = error instanceof ApiProblem ? (error.facts.errors ?? []) : [];
    const placed = faults
      .map((fault) => ({ input: this.#fieldAt(fault.at), why: fault.why }))
      .filter(({ input }) => input);
    if (placed.length) return this.#showFaults(placed);
    if (error instanceof ApiProblem) this.#showHelpFor(error);
    this.#summarise(this.#sentence(error));
  }

  /** A part of the form that is only there for one problem: its question and links to records. */
  #showHelpFor(problem) {
    const help = this.form.querySelector(`[data-when="${CSS.escape(problem.code)}"]`);
    if (!help) return;
    help.hidden = false;
    const links = help.querySelector("[data-links]");
    const ids = problem.facts[links?.dataset.links] ?? [];
    const { linkTo, linkText } = links?.dataset ?? {};
    links?.replaceChildren(
      ...ids.flatMap((id) => [el("a", { href: `${linkTo}${id}`, target: "_blank" }, `${linkText} (new tab)`), " "]),
    );
  }

  #sentence(error) {
    if (error.status === 412) return "Somebody changed this record meanwhile. Open it again in a new tab to compare; what you typed stays here.";
    return readable(error);
  }

  #fieldAt(at) {
    const name = at.find((part) => typeof part === "string" && part !== "body");
    const part = [...this.form.querySelectorAll(PARTS)].find(
      (each) => each.getAttribute("name") === name || each.names?.includes(name),
    );
    return this.form.elements.namedItem(name) ?? part?.fieldAt?.(at) ?? part?.querySelector("input");
  }

  #showFaults(faults) {
    for (const { input, why } of faults) {
      const field = (input instanceof RadioNodeList ? input[0] : input).closest(".field");
      const id = freshId("error");
      field?.append(el("p", { class: "error", id }, why));
      if (input instanceof RadioNodeList) continue;
      input.setAttribute("aria-invalid", "true");
      input.dataset.describedBefore ??= input.getAttribute("aria-describedby") ?? "";
      input.setAttribute("aria-describedby", `${input.dataset.describedBefore} ${id}`.trim());
    }
    const first = faults[0].input;
    (first instanceof RadioNodeList ? first[0] : first).focus();
    announce(`${faults.length} field${faults.length === 1 ? " needs" : "s need"} attention`, { urgent: true });
  }

  #summarise(text) {
    this.summary.textContent = text;
    this.summary.hidden = false;
    this.summary.focus();
  }

  #clear() {
    this.summary.hidden = true;
    for (const error of this.form.querySelectorAll(".error")) error.remove();
    for (const input of this.form.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.setAttribute("aria-describedby", input.dataset.describedBefore ?? "");
    }
  }
}

customElements.define("dra-form", Form);
