/** <dra-week-picture spans="[[weekday, opens, closes], …]">: a week as a small picture. */
import { clockOf } from "./clock.js";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SVG = "http://www.w3.org/2000/svg";
const DAY_WIDTH = 100;
const HOUR_HEIGHT = 16;
const LEFT = 44;
const TOP = 22;

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Whole hours around everything there is to show; a usual day where there is little. */
function hoursShown(spans) {
  const first = Math.min(8 * 60, ...spans.map(([, opens]) => opens));
  const last = Math.max(17 * 60, ...spans.map(([, , closes]) => closes));
  return [Math.floor(first / 60), Math.ceil(last / 60)];
}

function sentence(spans) {
  const words = DAYS.map((day, index) => {
    const theirs = spans.filter(([weekday]) => weekday === index + 1);
    return `${day} ${theirs.map(([, opens, closes]) => `${clockOf(opens)} to ${clockOf(closes)}`).join(" and ") || "free"}`;
  });
  return `Week: ${words.join(", ")}`;
}

class WeekPicture extends HTMLElement {
  connectedCallback() {
    this.show(JSON.parse(this.getAttribute("spans") || "[]"));
  }

  /** Draw these stretches: [weekday from 1, first minute, last minute]. */
  show(spans) {
    const [first, last] = hoursShown(spans);
    const height = TOP + (last - first) * HOUR_HEIGHT + 4;
    const svg = shape("svg", { viewBox: `0 0 ${LEFT + 7 * DAY_WIDTH} ${height}`, role: "img", "aria-label": sentence(spans) });
    for (let hour = first; hour <= last; hour += 1) {
      const y = TOP + (hour - first) * HOUR_HEIGHT;
      svg.append(shape("line", { x1: LEFT, x2: LEFT + 7 * DAY_WIDTH, y1: y, y2: y, class: "hour-line" }));
      if (hour % 2 === 0) svg.append(shape("text", { x: LEFT - 6, y: y + 5, class: "hour-text", "text-anchor": "end" }, clockOf(hour * 60)));
    }
    DAYS.forEach((day, index) => {
      const x = LEFT + index * DAY_WIDTH;
      svg.append(shape("text", { x: x + DAY_WIDTH / 2, y: 14, class: "day-text", "text-anchor": "middle" }, day));
    });
    for (const [weekday, opens, closes] of spans) {
      svg.append(
        shape("rect", {
          x: LEFT + (weekday - 1) * DAY_WIDTH + 6,
          y: TOP + ((opens - first * 60) / 60) * HOUR_HEIGHT,
          width: DAY_WIDTH - 12,
          height: Math.max(2, ((closes - opens) / 60) * HOUR_HEIGHT),
          rx: 4,
          class: "open-time",
        }),
      );
    }
    this.replaceChildren(svg);
  }
}

customElements.define("dra-week-picture", WeekPicture);
