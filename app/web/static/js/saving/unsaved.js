/** Text that has been typed but not yet saved on the server, kept in IndexedDB of this browser. */
const NAME = "dra-drafts";

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: ["userId", "noteId"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function run(mode, work) {
  const store = (await open()).transaction("drafts", mode).objectStore("drafts");
  return new Promise((resolve, reject) => {
    const request = work(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Keep what differs from version `version`: {key: text}. */
export function keepUnsaved(userId, noteId, version, sections) {
  return run("readwrite", (store) => store.put({ userId, noteId, version, sections }));
}

export function unsavedOf(userId, noteId) {
  return run("readonly", (store) => store.get([userId, noteId]));
}

export function forgetUnsaved(userId, noteId) {
  return run("readwrite", (store) => store.delete([userId, noteId]));
}
