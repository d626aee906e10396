/** How EventCalendar is set up: wall times of the clinic in, wall times of the clinic out. */
import { el } from "../dom.js";
import { gridContent } from "./content.js";
import { addDays, addMinutes, clockOf, dayText, instantOf, minuteOf, offsetText, wallOf } from "./zone.js";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SCRIPT = "/static/vendor/event-calendar.min.js";
const DEFAULT_LIMITS = { min: 8 * 60, max: 18 * 60 };
const WHOLE_DAY = 24 * 60;
/** A slot is never lower than a finger or a shaky hand needs (WCAG 2.2, 2.5.8). */
const SLOT_HEIGHT = { compact: 24, roomy: 40 };
const NARROW = "7.5rem";
const COMFORTABLE = "11rem";

let loading = null;

/** The library, loaded once and only by this page. */
export function loadEventCalendar() {
  loading ??= new Promise((resolve, reject) => {
    const script = el("script", { src: SCRIPT });
    script.addEventListener("load", () => resolve(globalThis.EventCalendar));
    script.addEventListener("error", () => reject(new Error("The calendar's drawing library could not be loaded.")));
    document.head.append(script);
  });
  return loading;
}

/** The step of the grid in minutes: the finest of the doctors shown. */
export const stepOf = (doctors) => Math.min(...doctors.map(({ slot_minutes: minutes }) => minutes ?? 15), 60);

/** First and last minute to show, so that all open time and every appointment is inside. */
export function limitsOf(store, days) {
  const edges = [];
  for (const doctor of store.doctorsShown) {
    for (const day of days) {
      for (const span of store.openingOf(doctor.id, day).spans) edges.push(...edgesOn(span, day));
    }
  }
  for (const one of store.appointments) for (const day of days) edges.push(...edgesOn(one, day));
  if (!edges.length) return DEFAULT_LIMITS;
  const min = Math.floor(Math.min(...edges, DEFAULT_LIMITS.min) / 60) * 60;
  const max = Math.ceil(Math.max(...edges, DEFAULT_LIMITS.max) / 60) * 60;
  return { min, max };
}

/** Where a span touches a day, in minutes after midnight; nothing when it does not. */
function edgesOn({ starts_at: starts, ends_at: ends }, day) {
  const [start, end] = [wallOf(starts), wallOf(ends)];
  if (end <= `${day}T00:00` || start >= `${addDays(day, 1)}T00:00`) return [];
  return [start.slice(0, 10) < day ? 0 : minuteOf(start), end.slice(0, 10) > day ? WHOLE_DAY : minuteOf(end)];
}

/** The time a doctor does not work, as background; a closed day says so. */
export function closedEvents(store, doctorId, day) {
  const { known, closed, spans } = store.openingOf(doctorId, day);
  if (!known && !closed) return [];
  const open = spans.map((span) => edgesOn(span, day)).filter(({ length }) => length);
  const edges = [0, ...open.flat(), WHOLE_DAY];
  const found = [];
  for (let at = 0; at < edges.length; at += 2) {
    const [from, until] = edges.slice(at, at + 2);
    if (until <= from) continue;
    found.push({
      id: `closed:${doctorId}:${day}:${from}`,
      resourceId: doctorId,
      start: `${day}T${clockOf(from)}:00`,
      end: until === WHOLE_DAY ? `${addDays(day, 1)}T00:00:00` : `${day}T${clockOf(until)}:00`,
      display: "background",
      classNames: [closed && !spans.length ? "cal-closed-day" : "cal-closed"],
      extendedProps: { label: closed && !spans.length ? "Clinic closed" : "" },
    });
  }
  return found;
}

/** An appointment as the library wants it; `face` is what shows. */
export function eventOf(appointment, face, { isMine, editable, proposed = null }) {
  const at = proposed ?? appointment;
  return {
    id: appointment.id,
    resourceId: at.practitioner_id,
    start: `${wallOf(at.starts_at)}:00`,
    end: `${wallOf(at.ends_at)}:00`,
    startEditable: editable && face.movable,
    durationEditable: editable && face.movable,
    classNames: [
      "cal-event",
      `color-${appointment.color}`,
      `is-${appointment.status}`,
      ...face.remarks.map(({ kind }) => `has-${kind}`),
      isMine ? "is-mine" : "",
      proposed ? "is-proposed" : "",
    ].filter(Boolean),
    extendedProps: { appointment, face },
  };
}

function contentOf({ event, timeText }) {
  const { appointment, face, label } = event.extendedProps;
  if (event.display === "background") return { domNodes: label ? [el("span", { class: "cal-closed-label" }, label)] : [] };
  if (!appointment) return undefined;
  const shown = event.display === "preview" ? { ...face, time: timeText } : face;
  return { domNodes: gridContent(appointment, shown) };
}

const headOf = (date) => {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  return `${WEEKDAYS[date.getDay()]} ${dayText(day).slice(0, 6)}`;
};

function labelOf({ resource }) {
  const { specialty } = resource.extendedProps;
  return { domNodes: [el("strong", {}, resource.title), specialty ? el("span", { class: "cal-specialty" }, specialty) : ""] };
}

/** What stays the same for the life of the page. */
export function fixedOptions(handlers) {
  return {
    timeZone: offsetText(),
    locale: "en-GB",
    firstDay: 1,
    allDaySlot: false,
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    nowIndicator: true,
    pointer: handlers.mayBook,
    slotEventOverlap: false,
    slotLabelInterval: "01:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    displayEventEnd: false,
    editable: handlers.mayBook,
    longPressDelay: 400,
    dayHeaderFormat: headOf,
    resourceLabelContent: labelOf,
    eventContent: contentOf,
    eventDidMount: handlers.mounted,
    eventClick: handlers.opened,
    dateClick: handlers.slotClicked,
    eventDrop: handlers.dropped,
    eventResize: handlers.resized,
  };
}

/** What differs from view to view. */
export function viewOptions({ store, view, days, density, limits, scrollMinute }) {
  const doctors = store.doctorsShown;
  const step = stepOf(doctors);
  const crowded = doctors.length * days.length > 7;
  return {
    view: view === "week" ? "resourceTimeGridWeek" : "resourceTimeGridDay",
    date: days[0],
    datesAboveResources: view === "week" && doctors.length > 1,
    columnWidth: crowded ? `minmax(${view === "week" ? NARROW : COMFORTABLE}, 1fr)` : undefined,
    resources: doctors.map(({ id, name, specialty }) => ({ id, title: name, extendedProps: { specialty } })),
    slotDuration: { minutes: Math.max(step, 10) },
    snapDuration: { minutes: step },
    slotHeight: SLOT_HEIGHT[density],
    slotMinTime: { minutes: limits.min },
    slotMaxTime: { minutes: limits.max },
    scrollTime: { minutes: scrollMinute },
  };
}

/** The move a drag means: the same wall-clock step for the clinic, whatever the browser's zone does that day. */
export function draggedTo(appointment, { delta, newResource }) {
  const minutes = delta.days * WHOLE_DAY + delta.seconds / 60;
  const shifted = (instant) => instantOf(addMinutes(wallOf(instant), minutes));
  return {
    ...appointment,
    practitioner_id: newResource?.id ?? appointment.practitioner_id,
    starts_at: shifted(appointment.starts_at),
    ends_at: shifted(appointment.ends_at),
  };
}
