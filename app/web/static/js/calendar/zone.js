/** Wall time of the clinic, wherever the browser stands. A wall time is "2026-03-02T09:15", a day "2026-03-02". */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const FULL_WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let formatter = null;
let zoneName = "UTC";
let skew = 0;

const two = (number) => String(number).padStart(2, "0");

/** Say once which zone the clinic is in, and what time it is there by the server's clock. */
export function useClinicClock(zone, serverNow) {
  zoneName = zone;
  skew = new Date(serverNow).getTime() - Date.now();
  formatter = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** The IANA name of the clinic's zone. */
export const clinicZone = () => zoneName;

/** This instant by the server's clock, in milliseconds. */
export const now = () => Date.now() + skew;

/** The clinic's wall at this instant, as if it were UTC, in milliseconds. */
function wallAsUtc(instant) {
  const part = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

const offsetAt = (instant) => wallAsUtc(instant) - Math.floor(instant / 1000) * 1000;

const textOf = (utc) => new Date(utc).toISOString().slice(0, 16);

const utcOf = (wall) => Date.parse(`${wall.length === 10 ? `${wall}T00:00` : wall.slice(0, 16)}Z`);

/** The moment at which the clock jumps, somewhere between two instants with different offsets. */
function jumpBetween(before, after) {
  let [low, high] = [before, after];
  const old = offsetAt(low);
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === old) low = middle;
    else high = middle;
  }
  return Math.round(high / MINUTE) * MINUTE;
}

/**
 * An instant (ISO, UTC) for a wall time. A time the clock skips is the moment of the jump;
 * of a time that comes twice it is the first.
 */
export function instantOf(wall) {
  const utc = utcOf(wall);
  const fitting = [utc - DAY, utc + DAY].map((near) => utc - offsetAt(near)).filter((at) => offsetAt(at) === utc - at);
  const found = fitting.length ? Math.min(...fitting) : jumpBetween(utc - DAY, utc + DAY);
  return new Date(found).toISOString();
}

/** The clinic's wall time of an instant (ISO text, Date or milliseconds). */
export const wallOf = (instant) => textOf(wallAsUtc(new Date(instant).getTime()));

/** The clinic's day of an instant. */
export const dayOf = (instant) => wallOf(instant).slice(0, 10);

export const today = () => dayOf(now());

/** The clinic's offset from UTC now, as "+02:00". */
export function offsetText() {
  const minutes = Math.round(offsetAt(now()) / MINUTE);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export const addMinutes = (wall, minutes) => textOf(utcOf(wall) + minutes * MINUTE);

export const addDays = (day, days) => textOf(utcOf(day) + days * DAY).slice(0, 10);

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day) => new Date(utcOf(day)).getUTCDay() || 7;

export const mondayOf = (day) => addDays(day, 1 - weekdayOf(day));

/** Minutes after midnight of a wall time. */
export const minuteOf = (wall) => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));

/** 555 -> "09:15". */
export const clockOf = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

export const minutesBetween = (start, end) => Math.round((new Date(end) - new Date(start)) / MINUTE);

/** "2026-03-02" -> "02-Mar-2026". */
export const dayText = (day) => `${day.slice(8, 10)}-${MONTHS[Number(day.slice(5, 7)) - 1]}-${day.slice(0, 4)}`;

/** "2026-03-02" -> "Mon 02-Mar-2026". */
export const weekdayText = (day) => `${WEEKDAYS[weekdayOf(day) % 7]} ${dayText(day)}`;

/** "2026-03-02" -> "Mon 02-Mar". */
export const shortDayText = (day) => weekdayText(day).slice(0, -5);

export const weekdayName = (number) => FULL_WEEKDAYS[number % 7];

/** "09:15" of an instant, in the clinic. */
export const timeText = (instant) => wallOf(instant).slice(11);

/** "09:15–09:45". */
export const spanText = (start, end) => `${timeText(start)}–${timeText(end)}`;

/** "09:15 to 09:45", for sentences. */
export const spanWords = (start, end) => `${timeText(start)} to ${timeText(end)}`;

/** "Mon 02-Mar-2026 09:15" of an instant, in the clinic. */
export const momentText = (instant) => `${weekdayText(dayOf(instant))} ${timeText(instant)}`;

/** 75 -> "1 h 15 min". */
export function minutesText(minutes) {
  const whole = Math.max(0, Math.round(minutes));
  if (whole < 60) return `${whole} min`;
  return whole % 60 ? `${Math.floor(whole / 60)} h ${whole % 60} min` : `${Math.floor(whole / 60)} h`;
}
