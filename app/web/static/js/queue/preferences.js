/** What this browser remembers of the queue for this person: how dense, whether it sounds. No patient data. */
import { userId } from "../api.js";

const KEY = `dra-queue:${userId()}`;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/** One remembered choice, or `fallback`. */
export function remembered(name, fallback) {
  return read()[name] ?? fallback;
}

/** Keep a choice; a browser that keeps nothing is no reason to stop. */
export function remember(name, value) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), [name]: value }));
  } catch {
    /* private browsing: the choice lasts as long as the page */
  }
}
