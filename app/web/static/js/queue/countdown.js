/** Deadlines in words, kept true while the page stands open; the same words as the server writes. */
import { addDays, dayOf, minutesText, now, shortDayText, timeText, today, weekdayText } from "../calendar/zone.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NEAR_MS = 15 * MINUTE_MS;
const ICONS = { over: "over", near: "near", none: "none" };

/** "14:30", "tomorrow 09:00", "Fri 09:00" or "Mon 07-Dec 09:00", on the clinic's wall. */
export function momentWords(instant) {
  const [day, first] = [dayOf(instant), today()];
  if (day === first) return timeText(instant);
  let on = shortDayText(day);
  if (day === addDays(first, 1)) on = "tomorrow";
  else if (day === addDays(first, -1)) on = "yesterday";
  else if (day > first && day < addDays(first, 7)) on = weekdayText(day).slice(0, 3);
  return `${on} ${timeText(instant)}`;
}

function ago(past) {
  if (past < MINUTE_MS) return "just now";
  if (past < DAY_MS) return `${minutesText(Math.floor(past / MINUTE_MS))} ago`;
  const days = Math.floor(past / DAY_MS);
  return `${days} day${days === 1 ? "" : "s"} ago`;
}

/** {text, nearness} of a deadline (milliseconds). */
export function countdown(due) {
  const left = due - now();
  if (left <= 0) return { text: `breached ${ago(-left)}`, nearness: "over" };
  if (left >= HOUR_MS) return { text: `due ${momentWords(due)}`, nearness: left > HOUR_MS ? "later" : "soon" };
  const minutes = Math.floor(left / MINUTE_MS);
  const text = `breaches in ${minutes ? `${minutes} min` : "less than a minute"}`;
  return { text, nearness: left <= NEAR_MS ? "near" : "soon" };
}

/** Bring every deadline below `root` up to date; nothing moves. */
export function tick(root) {
  for (const node of root.querySelectorAll("[data-due]")) {
    const { text, nearness } = countdown(Date.parse(node.dataset.due));
    const word = node.querySelector("[data-word]");
    if (word.textContent !== text) word.textContent = text;
    if (node.dataset.nearness === nearness) continue;
    node.dataset.nearness = nearness;
    node.querySelector("use").setAttribute("href", `/static/queue-icons.svg#${ICONS[nearness] ?? "clock"}`);
  }
}
