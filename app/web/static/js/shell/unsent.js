/** On every page: sends what earlier pages left behind, and says what is still unfinished. */
import { userId } from "../api.js";
import { el } from "../dom.js";
import { Uploader } from "../recording/uploader.js";
import { holdSession } from "../recording/dictation.js";
import * as vault from "../recording/vault.js";

const strip = document.getElementById("unsent");
const here = document.querySelector("dra-recorder")?.getAttribute("encounter-id");

function show(session, text, link) {
  const line = el("p", { class: "notice warn", "data-session": session.id }, text, " ", link);
  strip.querySelector(`[data-session="${session.id}"]`)?.remove();
  strip.append(line);
}

function linkTo(session, label) {
  return el("a", { href: `/encounters/${session.encounterId}` }, label);
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
  const open = session.state === "open";
  if (open) show(session, "You have an unfinished dictation.", linkTo(session, "Continue or finish it"));
  else show(session, "A dictation is still being sent.", "You may keep working.");
  const uploader = new Uploader(session.id);
  uploader.addEventListener("done", ({ detail }) => {
    release();
    show(session, "The dictation has been sent.", el("a", { href: `/recordings/${detail.recordingId}` }, "Open it"));
  });
  uploader.run();
}

async function begin() {
  if (!strip || !("indexedDB" in window)) return;
  const sessions = await vault.sessionsOf(userId());
  for (const session of sessions) if (session.encounterId !== here) await takeUp(session);
}

begin();
