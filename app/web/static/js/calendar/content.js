/** How an appointment looks inside the grid, and in rows. */
import { el } from "../dom.js";
import { isHold, isMovable, remarksOf, sentenceOf, statusOf, titleOf } from "./statuses.js";
import { clinicZone, timeText } from "./zone.js";

/** One icon of the calendar's own sprite. */
export function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `sign ${name}`);
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/calendar-icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A status as icon and word. */
export function statusBadge(appointment) {
  const { word, icon } = statusOf(appointment);
  return el("span", { class: `cal-status ${appointment.status}` }, sign(icon), word);
}

const REMARK_SIGNS = { late: "late", waiting: "clock", over: "over", "walk-in": "walk-in" };

/** Late, waiting, overbooked, walk-in: each with icon and word. */
export function remarkBadges(appointment) {
  return remarksOf(appointment).map(({ kind, text }) =>
    el("span", { class: `cal-remark ${kind}` }, sign(REMARK_SIGNS[kind]), text),
  );
}

/** A time of the clinic as an element. */
export function clinicTime(instant, text = timeText(instant)) {
  return el("time", { datetime: instant, title: clinicZone() }, text);
}

/** The facts the look of an appointment in the grid depends on; a change of these redraws it. */
export function faceOf(appointment, isMine) {
  return {
    time: timeText(appointment.starts_at),
    title: titleOf(appointment, isMine),
    status: appointment.status,
    color: appointment.color,
    type: appointment.visit_type_name,
    room: appointment.room_name,
    remarks: remarksOf(appointment),
    sentence: sentenceOf(appointment, isMine),
    movable: isMovable(appointment),
    series: Boolean(appointment.series_id),
  };
}

/** The inside of an appointment in the grid: as it fits for the eye, as one sentence for the ear. */
export function gridContent(appointment, face) {
  const { icon, word } = statusOf(appointment);
  const details = [face.type, face.room].filter(Boolean).join(" · ");
  return [
    el("span", { class: "visually-hidden" }, face.sentence),
    el(
      "div",
      { class: "cal-line", "aria-hidden": "true" },
      sign(icon),
      el("span", { class: "cal-time" }, face.time),
      el("span", { class: "cal-name" }, face.title),
      face.series ? sign("repeat") : null,
      ...remarkBadges(appointment),
      isHold(appointment) ? null : el("span", { class: "cal-word" }, word),
    ),
    el("div", { class: "cal-more", "aria-hidden": "true" }, details),
  ];
}
