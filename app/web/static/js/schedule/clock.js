/** Times of day as people type them: 8, 830, 8.30 and 08:30 are the same. */

const TYPED = /^(\d{1,2})(?:[:.h ]?([0-5]\d))?$/;
const COMPACT = /^(\d{1,2})([0-5]\d)$/;

/** "8.30" -> "08:30"; null where it is no time of day. `end`: 24:00 and 0:00 mean midnight after it. */
export function readClock(text, { end = false } = {}) {
  const found = COMPACT.exec(text.trim()) ?? TYPED.exec(text.trim());
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2] ?? 0);
  if (end && minutes === 0) return "24:00";
  if (minutes > 24 * 60 || (minutes === 24 * 60 && !end)) return null;
  return clockOf(minutes);
}

/** 510 -> "08:30". */
export function clockOf(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** "08:30" -> 510. */
export function minutesOf(clock) {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** Write the time as it was understood, or say that it was not. Returns it, or null. */
export function settle(input, { end = false } = {}) {
  const clock = input.value.trim() === "" ? null : readClock(input.value, { end });
  const wrong = input.value.trim() !== "" && clock === null;
  input.setCustomValidity(wrong ? "Write a time such as 08:30." : "");
  if (clock) input.value = clock;
  return clock;
}
