/** Instants come in UTC; people read them in their own zone, always as 14-Jul-2026 09:05. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (number) => String(number).padStart(2, "0");

/** A Date as "14-Jul-2026 09:05" in the reader's zone. */
export function localText(instant) {
  const day = `${two(instant.getDate())}-${MONTHS[instant.getMonth()]}-${instant.getFullYear()}`;
  return `${day} ${two(instant.getHours())}:${two(instant.getMinutes())}`;
}

for (const time of document.querySelectorAll("time[data-local]")) {
  time.title = time.textContent;
  time.textContent = localText(new Date(time.dateTime));
}
