/** Days as they are written everywhere: 14-Jul-1945. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "1945-07-14" -> "14-Jul-1945". */
export function calendarDay(iso) {
  const [year, month, day] = iso.split("-");
  return `${day}-${MONTHS[Number(month) - 1]}-${year}`;
}
