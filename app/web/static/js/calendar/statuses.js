/** What each state is called, how it looks, and what may be said about an appointment. */
import { minutesBetween, minutesText, now, spanText } from "./zone.js";

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

export const statusOf = (appointment) => STATUSES[appointment.status] ?? STATUSES.booked;

export const isHold = (appointment) => appointment.status === "pending";

/** It stands in somebody's way. */
export const isLive = (appointment) => TAKES_TIME.has(appointment.status);

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
    spanText(appointment.starts_at, appointment.ends_at),
    titleOf(appointment, isMine),
    isHold(appointment) ? null : statusOf(appointment).word,
    ...remarksOf(appointment).map(({ kind, text }) => (kind === "waiting" ? `waiting ${text}` : text)),
    appointment.visit_type_name,
    appointment.practitioner_name,
    appointment.room_name,
  ];
  return parts.filter(Boolean).join(", ");
}
