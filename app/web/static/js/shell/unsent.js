/** On every page: sends what earlier pages left behind, and says what is still unfinished. */
import { userId } from "../api.js";
import { el } from "../dom.js";
import { Uploader } from "../recording/uploader.js";
import { Dictation, holdSession } from "../recording/dictation.js";
import * as vault from "../recording/vault.js";

const strip = document.getElementById("unsent");
const here = document.querySelector("dra-recorder")?.getAttribute("encounter-id");

function show(session, text, ...actions) {
  const line = el("div", { class: "notice warn row", "data-session": session.root }, el("span", {}, text), actions);
  strip.querySelector(`[data-session="${session.root}"]`)?.remove();
  strip.append(line);
}

function linkTo(session, label) {
  return el("a", { class: "button small", href: `/encounters/${session.encounterId}` }, label);
}

function showSending(session) {
  show(session, "A dictation is still being sent; you may keep working.");
}

/** For a dictation whose encounter is over, or that was simply forgotten. */
function finishButton(session, uploader) {
  const button = el("button", { class: "button small", type: "button" }, "Finish it now");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const dictation = await Dictation.reattach(await vault.session(session.id));
    await dictation.finish();
    showSending(session);
    uploader.wake();
  });
  return button;
}

/** An open dictation only gets its slices sent; finishing it is the doctor's decision. */
async function takeUp(session) {
  const release = await holdSession(session.root);
  if (!release) return;
  if (session.problem) {
    show(session, "A dictation could not be sent; it is kept in this browser.", linkTo(session, "See why"));
    release();
    return;
  }
  const uploader = new Uploader(session.id);
  if (session.state !== "open") showSending(session);
  else show(session, "You have an unfinished dictation.", linkTo(session, "Continue"), finishButton(session, uploader));
  uploader.addEventListener("done", ({ detail }) => {
    release();
    show(session, "The dictation has been sent.", el("a", { class: "button small", href: `/recordings/${detail.recordingId}` }, "Open it"));
  });
  uploader.run();
}

async function begin() {
  if (!strip || !("indexedDB" in window)) return;
  const sessions = await vault.sessionsOf(userId());
  for (const session of sessions) if (session.encounterId !== here) await takeUp(session);
}

begin();
