/** What can be done with an appointment, as the pages do it: ask the server, show the answer, offer the way back. */
import { ApiProblem, api, readable } from "../api.js";
import { toast } from "../dom.js";
import { isLive, statusOf, titleOf } from "./statuses.js";
import { momentText, now, spanText } from "./zone.js";

const DONE = {
  arrival: "arrived",
  rooming: "is in the room",
  departure: "checked out",
  "no-show": "did not come",
};

/** A plain step of the day; tells what went wrong. Resolves to the appointment, or null. */
export async function step(desk, appointment, noun, json) {
  try {
    const answer = await api("POST", `/appointments/${appointment.id}/${noun}`, json === undefined ? {} : { json });
    desk.store.apply(answer);
    desk.undo.offer(`${titleOf(answer)} ${DONE[noun] ?? statusOf(answer).word}.`, answer);
    return answer;
  } catch (error) {
    toast(readable(error), "bad");
    return null;
  }
}

/** The doctor begins: the encounter is where the work goes on. */
export async function startVisit(appointment) {
  try {
    const encounter = await api("POST", "/encounters", {
      json: { appointment_id: appointment.id },
      idempotencyKey: crypto.randomUUID(),
    });
    location.assign(`/encounters/${encounter.id}`);
  } catch (error) {
    toast(readable(error), "bad");
  }
}

/** Only what is different from now is sent; `scope` only for a series. */
function changesOf(appointment, wanted) {
  const changes = {};
  if (new Date(wanted.starts_at).getTime() !== new Date(appointment.starts_at).getTime()) changes.starts_at = wanted.starts_at;
  for (const name of ["duration_minutes", "practitioner_id", "room_id"]) {
    if (wanted[name] !== undefined && wanted[name] !== appointment[name]) changes[name] = wanted[name];
  }
  return changes;
}

/** Move an appointment. Throws ApiProblem; `slot-taken` carries what is in the way. */
export async function reschedule(desk, appointment, wanted, { override = null, scope = null } = {}) {
  const changes = changesOf(appointment, wanted);
  if (!Object.keys(changes).length) return appointment;
  const json = { ...changes, version: appointment.version };
  if (override) json.override = override;
  if (scope) json.scope = scope;
  const answer = await api("POST", `/appointments/${appointment.id}/reschedule`, { json });
  desk.store.apply(answer);
  if (answer.series_change) await tellSeries(desk, answer.series_change, "moved");
  else desk.undo.offer(`${titleOf(answer)} ${outcomeOf(appointment, answer)}.`, answer);
  return answer;
}

/** What became of the others of a series; those that could not follow are never passed over. */
export async function tellSeries(desk, { changed, kept, left }, verb) {
  const parts = [`${changed.length} ${verb}`];
  if (kept.length) parts.push(`${kept.length} left at the time chosen for them alone`);
  if (left.length) parts.push(`${left.length} could not be and stay where they were`);
  toast(`Of the series: ${parts.join(", ")}.`, left.length ? "warn" : "ok", { seconds: 15 });
  await desk.store.reload();
}

function outcomeOf(before, after) {
  const stayed = before.practitioner_id === after.practitioner_id && new Date(before.starts_at).getTime() === new Date(after.starts_at).getTime();
  if (stayed) return `now ${spanText(after.starts_at, after.ends_at)}`;
  const whom = before.practitioner_id === after.practitioner_id ? "" : `, ${after.practitioner_name}`;
  return `moved to ${momentText(after.starts_at)}${whom}`;
}

/** After a time became free again: who would like it? Past and vanished times interest nobody. */
export async function afterFreeing(desk, before) {
  if (new Date(before.starts_at) <= now() || !isLive({ ...before, status: "booked" })) return;
  await desk.offerWaiting(before);
}

/** True when `after` leaves the time of `before` free for others. */
export function leavesTimeFree(before, after) {
  return (
    before.practitioner_id !== after.practitioner_id ||
    new Date(after.ends_at) <= new Date(before.starts_at) ||
    new Date(after.starts_at) >= new Date(before.ends_at)
  );
}

/** The facts of "something is in the way", or null when it is another error. */
export function conflictsIn(error) {
  return error instanceof ApiProblem && error.facts.conflicts ? error.facts : null;
}
