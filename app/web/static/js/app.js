/** The entry of every page: the shell, then only the elements this page uses. */
import "./shell/local-times.js";
import "./shell/shortcuts.js";
import "./shell/theme.js";

const ELEMENTS = {
  "dra-form": "./forms/form.js",
  "dra-contacts": "./forms/contacts.js",
  "dra-clock": "./forms/clock.js",
  "dra-patient-field": "./forms/patient-field.js",
  "dra-feed": "./forms/feed.js",
  "dra-choices": "./forms/choices.js",
  "dra-patient-search": "./forms/patient-search.js",
  "dra-recorder": "./recording/recorder.js",
  "dra-live": "./recording/live.js",
  "dra-upload": "./recording/upload.js",
  "dra-player": "./listening/player.js",
  "dra-transcript": "./listening/transcript.js",
  "dra-progress": "./listening/progress.js",
  "dra-note-editor": "./notes/editor.js",
  "dra-note-panels": "./notes/panels.js",
  "dra-glass": "./crisis/glass.js",
  "dra-safety-plan": "./crisis/safety-plan.js",
  "dra-week": "./schedule/week.js",
  "dra-week-picture": "./schedule/week-picture.js",
  "dra-edge": "./schedule/edge.js",
  "dra-month": "./today/month.js",
  "dra-fresh": "./today/fresh.js",
  "dra-chart": "./chart/chart.js",
  "dra-waiting": "./waiting/waiting.js",
  "dra-whom": "./waiting/whom.js",
  "dra-misplaced": "./schedule/misplaced.js",
  "dra-calendar": "./calendar/page.js",
  "dra-queue": "./queue/page.js",
  "dra-queue-board": "./queue/board.js",
  "dra-queue-plans": "./queue/plans.js",
  "dra-moment": "./queue/fields.js",
  "dra-steps": "./queue/fields.js",
  "dra-clinic-moment": "./reports/parts.js",
  "dra-sent-text": "./reports/parts.js",
  "dra-declined": "./reports/parts.js",
  "dra-screening": "./screenings/screening.js",
  "dra-deferral": "./screenings/deferral.js",
  "dra-interruption": "./screenings/interruption.js",
  "dra-order-draft": "./orders/draft.js",
  "dra-order-proposals": "./orders/proposals.js",
  "dra-code-field": "./problems/code-field.js",
  "dra-problem-suggestions": "./problems/suggestions.js",
  "dra-prescribe": "./prescriptions/prescribe.js",
  "dra-said-lines": "./prescriptions/parts.js",
  "dra-known": "./prescriptions/parts.js",
  "dra-proposals": "./prescriptions/proposals.js",
  "dra-observations": "./results/entry.js",
  "dra-results": "./results/list.js",
  "dra-more": "./shell/more.js",
  "dra-print-button": "./shell/print-button.js",
};

for (const [tag, module] of Object.entries(ELEMENTS)) {
  if (document.querySelector(tag)) import(module);
}

if (document.querySelector('meta[name="user-id"]')?.content) import("./shell/unsent.js");
