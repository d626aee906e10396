/** What the answers so far say: scores as they add up, the level as soon as it is settled, and why. */
import { el } from "../dom.js";

const lines = (texts) => texts.map((text) => el("li", {}, text));

function scoreLine(score) {
  if (score.value === null) return `${score.title}: ${score.least} of ${score.most} so far`;
  const band = score.band ? `, ${score.band}` : "";
  return `${score.title}: ${score.value} of ${score.most}${band}`;
}

/** While questions are open, undetermined only means that nobody can know yet. */
function levelShown(level, result, words) {
  if (!level) return [];
  const [kind, label] = words[level];
  if (level === "undetermined" && !result.complete) return ["Level: not known before the questions that decide are answered"];
  return [el("span", { class: `badge ${kind}` }, label)];
}

/** Show it in the aside of a screening. */
export function showSoFar(host, { result }) {
  const part = (name) => host.querySelector(`[data-${name}]`);
  const words = JSON.parse(host.dataset.levels);
  part("level").replaceChildren(...levelShown(result.level, result, words));
  part("scores").replaceChildren(...lines(result.scores.map(scoreLine)));
  const reasons = result.reasons.filter((reason) => result.complete || reason.rule !== "undetermined");
  part("reasons").replaceChildren(...lines(reasons.map((reason) => reason.says)));
  part("cautions").textContent = result.complete ? result.cautions.join(" ") : "";
}
