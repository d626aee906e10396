/** When the session has ended under an open page: sign in again in a dialog and carry on. */
import { el, freshId, openDialog } from "../dom.js";

let asking = null;

function meta(name) {
  return document.querySelector(`meta[name="${name}"]`);
}

async function trySignIn(username, password) {
  const form = new URLSearchParams({ username, password, again: "1" });
  const response = await fetch("/login", {
    method: "POST",
    body: form,
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.title ?? "That did not work. Try again.");
  }
  return response.json();
}

/** Another person must not carry on with this person's page. */
function adopt(session) {
  if (session.user_id !== meta("user-id").content) {
    location.assign("/");
    return;
  }
  meta("csrf-token").content = session.csrf_token;
}

function buildForm() {
  const id = freshId("again");
  const password = el("input", {
    id,
    type: "password",
    autocomplete: "current-password",
    required: true,
    autofocus: true,
  });
  const error = el("p", { class: "notice bad", role: "alert", hidden: true });
  const form = el(
    "form",
    { class: "stack", id: `${id}-form` },
    el("p", {}, "Your session has ended. Sign in again to carry on; nothing on this page is lost."),
    error,
    el("div", { class: "field" }, el("label", { for: id }, `Password of ${meta("user-name").content}`), password),
  );
  return { form, password, error };
}

function ask() {
  const { form, password, error } = buildForm();
  const { dialog, closed } = openDialog({
    title: "Sign in again",
    body: form,
    buttons: [
      el("button", { class: "button", type: "button", onclick: () => dialog.close("") }, "Later"),
      el("button", { class: "button primary", type: "submit", form: form.id }, "Sign in"),
    ],
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      adopt(await trySignIn(meta("username").content, password.value));
      dialog.close("yes");
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
      password.select();
    }
  });
  password.focus();
  return closed.then((answer) => answer === "yes");
}

/** Resolves true once signed in again, false when the dialog was put off. One dialog at a time. */
export function signInAgain() {
  if (!meta("username")?.content) return Promise.resolve(false);
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}
