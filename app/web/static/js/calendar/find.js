/** "/": find a patient, see when they come, book for them. */
import { api, readable } from "../api.js";
import { el, openDialog, toast } from "../dom.js";
import { statusBadge } from "./content.js";
import { PatientPicker, detailsOf, nameOf } from "./patient-picker.js";
import { momentText, now } from "./zone.js";

const SHOWN = 100;
const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;

async function appointmentsOf(patient) {
  const from = new Date(Math.floor((now() - LOOK_BACK_MS) / 60_000) * 60_000).toISOString();
  const query = new URLSearchParams({ patient_id: patient.id, from, limit: SHOWN });
  const { items } = await api("GET", `/appointments?${query}`);
  const coming = (one) => new Date(one.ends_at) >= now();
  const byTime = (one, other) => new Date(one.starts_at) - new Date(other.starts_at);
  return [...items.filter(coming).sort(byTime), ...items.filter((one) => !coming(one)).sort((one, other) => byTime(other, one))];
}

function rowsOf(appointments, onShow) {
  if (!appointments.length) return el("p", { class: "empty" }, el("strong", {}, "No appointments in the last three months, and none to come."));
  return el(
    "ul",
    { class: "rows" },
    appointments.map((one) =>
      el(
        "li",
        {},
        el("div", { class: "what" }, el("strong", {}, momentText(one.starts_at)), el("p", { class: "detail" }, `${one.visit_type_name} · ${one.practitioner_name}`)),
        statusBadge(one),
        el("div", { class: "act" }, el("button", { class: "button small", type: "button", onclick: () => onShow(one) }, "Show", el("span", { class: "visually-hidden" }, ` ${momentText(one.starts_at)}`))),
      ),
    ),
  );
}

/** Everything about when this patient comes. */
async function showPatient(desk, patient) {
  let appointments;
  try {
    appointments = await appointmentsOf(patient);
  } catch (error) {
    toast(readable(error), "bad");
    return;
  }
  const close = el("button", { class: "button", type: "button" }, "Close");
  const record = el("a", { class: "button", href: `/patients/${patient.id}` }, "Open the record");
  const book = desk.may.book ? el("button", { class: "button primary", type: "button" }, "Book an appointment") : null;
  const show = async (one) => {
    dialog.close();
    await closed;
    await desk.show(one);
    await desk.open(one);
  };
  const { dialog, closed } = openDialog({
    title: nameOf(patient),
    body: el("div", { class: "stack" }, el("p", { class: "muted" }, detailsOf(patient).join(" · ")), rowsOf(appointments, show)),
    buttons: [record, close, book].filter(Boolean),
    className: "cal-middle",
  });
  close.addEventListener("click", () => dialog.close());
  book?.addEventListener("click", async () => {
    dialog.close();
    await closed;
    desk.book({ ...desk.here, patient });
  });
  (book ?? close).focus();
}

/** Put the search box into its place in the toolbar. */
export function findBox(desk, place) {
  const picker = new PatientPicker({ label: "Find a patient", canRegister: false, search: true, placeholder: "Find a patient  /" });
  picker.addEventListener("pick", async ({ detail }) => {
    picker.reset();
    await showPatient(desk, detail);
  });
  place.replaceChildren(picker.element);
  return picker;
}
