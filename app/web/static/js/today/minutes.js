/** Minutes that pass on the page: how long somebody waits, how long an offer stands. */

const MINUTE_MS = 60_000;

/** 45 -> "45 min"; 90 -> "1 h 30 min". */
export function minutesText(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours ? `${hours} h` : "", rest || !hours ? `${rest} min` : ""].filter(Boolean).join(" ");
}

/**
 * Bring the minutes below `root` up to date. The server wrote how many it were when it was asked
 * at `readAt`; only what has passed since is added, so a wrong clock on this machine does no harm.
 */
export function tick(root, readAt, now = Date.now()) {
  const passed = (now - readAt) / MINUTE_MS;
  for (const node of root.querySelectorAll("[data-waited]")) {
    node.textContent = minutesText(Math.floor(Number(node.dataset.waited) + passed));
  }
  for (const node of root.querySelectorAll("[data-left]")) {
    const left = Math.ceil(Number(node.dataset.left) - passed);
    node.textContent = left > 0 ? `${minutesText(left)} left` : "time is up";
  }
}
