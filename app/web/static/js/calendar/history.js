/** What happened to an appointment, in order, with who and when. */
import { el } from "../dom.js";
import { STATUSES } from "./statuses.js";
import { momentText } from "./zone.js";

/** A move in words: a new state, another time, or something taken back. */
function whatOf(move) {
  const word = STATUSES[move.to_status]?.word ?? move.to_status;
  if (move.undoes) return `taken back: ${word}`;
  const { from, to } = move.change ?? {};
  if (from?.starts_at && to?.starts_at && from.starts_at !== to.starts_at) {
    return `moved from ${momentText(from.starts_at)} to ${momentText(to.starts_at)}`;
  }
  if (from && to) return "changed";
  return word;
}

/** The whole history, latest first. */
export function historyList(moves) {
  return el(
    "ol",
    { class: "cal-moves" },
    [...moves].reverse().map((move) =>
      el(
        "li",
        {},
        el("strong", {}, whatOf(move)),
        el("span", { class: "muted" }, ` ${momentText(move.moved_at)}${move.moved_by_name ? `, ${move.moved_by_name}` : ""}`),
        move.reason ? el("p", { class: "muted" }, move.reason) : null,
      ),
    ),
  );
}
