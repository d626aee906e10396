/** What each state is called, how it looks, and what may be said about an appointment. */
import { dayOf, minutesBetween, minutesText, now, spanWords, today } from "./zone.js";

/** Word and icon of every state, in the order of a day. */
export const STATUSES = {
  pending: { word: "held", icon: "held" },
  booked: { word: "booked", icon: "booked" },
  arrived: { word: "arrived", icon: "arrived" },
  "in-room": { word: "in room", icon: "in-room" },
  "with-doctor": { word: "with doctor", icon: "with-doctor" },
  finished: { word: "finished", icon: "finished" },
  "checked-out": { word: "checked out", icon: "checked-out" },
  noshow: { word: "no-show", icon: "noshow" },
  cancelled: { word: "cancelled", icon: "cancelled" },
  "entered-in-error": { word: "entered in error", icon: "cancelled" },
};

const WAITING = new Set(["arrived", "in-room"]);
const TAKES_TIME = new Set(["pending", "booked", "arrived", "in-room", "with-doctor"]);

const MOVABLE = new Set(["booked", "arrived", "in-room"]);

export const statusOf = (appointment) => STATUSES[appointment.status] ?? STATUSES.booked;

export const isHold = (appointment) => appointment.status === "pending";

/** A hold that ran out keeps nobody from booking, swept away or not. */
export const isLapsed = (appointment) => isHold(appointment) && new Date(appointment.expires_at) <= now();

/** It stands in somebody's way. */
export const isLive = (appointment) => TAKES_TIME.has(appointment.status);

/** It may still be put elsewhere. */
export const isMovable = (appointment) => MOVABLE.has(appointment.status);

/** What may be done now, as far as the clock and the state say; the server has the last word. */
export function movesOf(appointment) {
  const isToday = dayOf(appointment.starts_at) === today();
  const moves = new Set(isMovable(appointment) ? ["reschedule", "cancellation"] : []);
  if (isToday && (appointment.status === "booked" || appointment.status === "noshow")) moves.add("arrival");
  if (isToday && ["booked", "arrived"].includes(appointment.status)) moves.add("rooming");
  if (["arrived", "in-room", "finished"].includes(appointment.status)) moves.add("departure");
  if (appointment.status === "booked" && new Date(appointment.starts_at) <= now()) moves.add("no-show");
  return moves;
}

/** Minutes since a booked patient should have been here; 0 when they are not late. */
export function minutesLate(appointment) {
  if (appointment.status !== "booked") return 0;
  return Math.max(0, Math.floor((now() - new Date(appointment.starts_at)) / 60_000));
}

/** Minutes a patient has been waiting for the doctor, or null. */
export function minutesWaiting(appointment) {
  if (!WAITING.has(appointment.status) || !appointment.arrived_at) return null;
  return Math.max(0, minutesBetween(appointment.arrived_at, now()));
}

export const isOverbooked = (appointment) => Boolean(appointment.override_reason ?? appointment.overridden?.length);

/** Whose time it is, in a word: the patient, or who holds it. */
export function titleOf(appointment, isMine = false) {
  if (!isHold(appointment)) return appointment.patient_name ?? "";
  if (isMine) return "Held for you";
  const who = appointment.held_by_name ? `Held by ${appointment.held_by_name}` : "Held";
  return appointment.patient_name ? `${who}: ${appointment.patient_name}` : who;
}

/** What else is to be said: late, waiting, overbooked. */
export function remarksOf(appointment) {
  const remarks = [];
  const late = minutesLate(appointment);
  const waiting = minutesWaiting(appointment);
  if (late > 0) remarks.push({ kind: "late", text: `late ${minutesText(late)}` });
  if (waiting !== null) remarks.push({ kind: "waiting", text: minutesText(waiting) });
  if (isOverbooked(appointment)) remarks.push({ kind: "over", text: "overbooked" });
  if (appointment.kind === "walk-in") remarks.push({ kind: "walk-in", text: "walk-in" });
  return remarks;
}

/** Everything in one sentence, for screen readers and tooltips. */
export function sentenceOf(appointment, isMine = false) {
  const parts = [
    spanWords(appointment.starts_at, appointment.ends_at),
    titleOf(appointment, isMine),
    isHold(appointment) ? null : statusOf(appointment).word,
    ...remarksOf(appointment).map(({ kind, text }) => (kind === "waiting" ? `waiting ${text}` : text)),
    appointment.visit_type_name,
    appointment.practitioner_name,
    appointment.room_name,
  ];
  return parts.filter(Boolean).join(", ");
}
