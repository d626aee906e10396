/** Calling an appointment off: why, on whose account, and of a series how much. */
import { api, readable } from "../api.js";
import { el, freshId, openDialog } from "../dom.js";
import { afterFreeing, tellSeries } from "./actions.js";
import { field } from "./fields.js";
import { scopeChoice } from "./scope.js";
import { titleOf } from "./statuses.js";
import { momentText } from "./zone.js";

const USUAL = ["Patient is unwell", "Patient cannot come then", "No longer needed", "Doctor is away", "Booked by mistake"];

function whoChoice() {
  const name = freshId("by");
  const boxes = [
    ["patient", "The patient"],
    ["clinic", "The clinic"],
  ].map(([value, text]) => {
    const id = freshId("by");
    const box = el("input", { type: "radio", name, id, value, checked: value === "patient" });
    return { box, row: el("label", { class: "choice", for: id }, box, text) };
  });
  const element = el(
    "fieldset",
    {},
    el("legend", { class: "label" }, "Called off by"),
    el("div", { class: "row" }, boxes.map(({ row }) => row)),
  );
  return { element, value: () => boxes.find(({ box }) => box.checked).box.value };
}

function reasonField() {
  const listId = freshId("reasons");
  const input = el("input", { name: "reason", required: true, maxlength: 500, autocomplete: "off", list: listId });
  const list = el("datalist", { id: listId }, USUAL.map((value) => el("option", { value })));
  const part = field("Reason", input);
  part.append(list);
  return { input, part };
}

/** Ask and cancel; afterwards the time is offered to who waits. Resolves when all is said. */
export async function openCancel(desk, appointment) {
  const who = whoChoice();
  const reason = reasonField();
  const scope = appointment.series_id ? scopeChoice() : null;
  const fault = el("div", { class: "notice bad", role: "alert", hidden: true });
  const form = el(
    "form",
    { class: "stack", id: freshId("cancel"), novalidate: true },
    el("p", {}, el("strong", {}, titleOf(appointment)), `, ${momentText(appointment.starts_at)} with ${appointment.practitioner_name}`),
    reason.part,
    who.element,
    scope?.element,
    fault,
  );
  const submit = el("button", { class: "button danger", type: "submit", form: form.id }, "Cancel the appointment");
  const leave = el("button", { class: "button", type: "button" }, "Leave it");
  const { dialog, closed } = openDialog({ title: "Cancel the appointment", body: form, buttons: [leave, submit], className: "cal-small" });
  const tell = (text) => {
    fault.textContent = text;
    fault.hidden = false;
  };
  leave.addEventListener("click", () => dialog.close(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const why = reason.input.value.trim();
    if (!why) {
      tell("Say why, in a few words.");
      return reason.input.focus();
    }
    const json = { reason: why, by: who.value() };
    if (scope) json.scope = scope.value();
    try {
      const answer = await api("POST", `/appointments/${appointment.id}/cancellation`, { json });
      desk.store.apply(answer);
      if (answer.series_change) await tellSeries(desk, answer.series_change, "cancelled");
      else desk.undo.offer(`${titleOf(answer)} cancelled.`, answer);
      dialog.close("cancelled");
    } catch (error) {
      tell(readable(error));
    }
    return undefined;
  });
  reason.input.focus();
  if ((await closed) !== "cancelled") return false;
  await afterFreeing(desk, appointment);
  return true;
}
