/** Every call of the pages to the API: CSRF, problem documents, signing in again without losing text. */
import { signInAgain } from "./shell/sign-in-again.js";

/** Where the API stands. */
export const API_ROOT = "/api/v1";

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** The server understood and said no: an RFC 9457 problem document. */
export class ApiProblem extends Error {
  constructor(status, facts) {
    super(facts.detail || facts.title || `The server answered ${status}.`);
    this.name = "ApiProblem";
    this.status = status;
    this.facts = facts;
    this.code = String(facts.type || "").split("/").pop();
  }

  /** Trying again later may help: overload, restart, throttling. */
  get passing() {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor(cause) {
    super("The server cannot be reached. Check the network; nothing you typed or said is lost.");
    this.name = "Unreachable";
    this.cause = cause;
  }
}

/** The CSRF token of this page's session. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** The id of the signed-in person, or "" on public pages. */
export function userId() {
  return document.querySelector('meta[name="user-id"]')?.content ?? "";
}

function headersOf(method, options) {
  const headers = { Accept: "application/json", ...options.headers };
  if (UNSAFE.has(method)) headers["X-CSRF-Token"] = csrfToken();
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  if (options.version != null) headers["If-Match"] = `"${options.version}"`;
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  return headers;
}

async function send(method, path, options) {
  const body = options.json !== undefined ? JSON.stringify(options.json) : options.body;
  try {
    return await fetch(`${API_ROOT}${path}`, {
      method,
      body,
      headers: headersOf(method, options),
      credentials: "same-origin",
      cache: "no-store",
      signal: options.signal,
      keepalive: options.keepalive,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
}

async function documentOf(response) {
  try {
    return await response.json();
  } catch {
    return { title: response.statusText };
  }
}

/**
 * Call the API. Resolves with the parsed body (null when empty); throws ApiProblem or Unreachable.
 * options: json, body, headers, version (If-Match), idempotencyKey, signal, keepalive, askToSignIn.
 */
export async function api(method, path, options = {}) {
  let response = await send(method, path, options);
  if (response.status === 401 && options.askToSignIn !== false) {
    if (await signInAgain()) response = await send(method, path, options);
  }
  if (!response.ok) throw new ApiProblem(response.status, await documentOf(response));
  return response.status === 204 ? null : documentOf(response);
}

/** A sentence for people, whatever was thrown. */
export function readable(error) {
  if (error instanceof ApiProblem && error.facts.errors?.length) {
    return error.facts.errors.map((fault) => fault.why).join(" ");
  }
  if (error instanceof ApiProblem || error instanceof Unreachable) return error.message;
  return "Something unexpected happened in this page. Reload it; what you entered is kept.";
}
