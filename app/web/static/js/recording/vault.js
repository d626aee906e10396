/** Sound kept in this browser (IndexedDB) until the server has said that it is safe. */
import { join } from "./pcm.js";

const NAME = "dra-recordings";
const STORES = { sessions: "id", slices: ["sessionId", "seq"], tails: ["sessionId", "seq", "part"] };

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) request.result.createObjectStore(store, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Run `work(stores)` in one transaction; resolves with its result once everything is on disk. */
async function transact(mode, names, work, durability = "strict") {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    let result;
    transaction.oncomplete = () => resolve(result?.value);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    result = work(stores);
  });
}

/** A place for the answer of a request that is read after the transaction. */
function answer(request, pick = (value) => value) {
  const box = {};
  request.onsuccess = () => {
    box.value = pick(request.result);
  };
  return box;
}

const ofSession = (id) => IDBKeyRange.bound([id], [id, []]);
const ofSlice = (id, seq) => IDBKeyRange.bound([id, seq], [id, seq, []]);

/** All sessions of one person, oldest first. */
export function sessionsOf(userId) {
  return transact("readonly", ["sessions"], ({ sessions }) =>
    answer(sessions.getAll(), (all) =>
      all.filter((one) => one.userId === userId).sort((a, b) => a.startedAt - b.startedAt),
    ),
  );
}

export function session(id) {
  return transact("readonly", ["sessions"], ({ sessions }) => answer(sessions.get(id)));
}

export function putSession(record) {
  return transact("readwrite", ["sessions"], ({ sessions }) => void sessions.put(record));
}

/** Read, change and write a session in one transaction; `change` mutates it. */
export function changeSession(id, change) {
  return transact("readwrite", ["sessions"], ({ sessions }) => {
    const box = {};
    sessions.get(id).onsuccess = ({ target }) => {
      if (!target.result) return;
      change(target.result);
      sessions.put(target.result);
      box.value = target.result;
    };
    return box;
  });
}

/** Keep a piece of the slice that is still being filled. */
export function keepTail(sessionId, seq, part, pcm) {
  const work = ({ tails }) => void tails.put({ sessionId, seq, part, pcm, at: Date.now() });
  return transact("readwrite", ["tails"], work, "relaxed");
}

/** The pieces of an unfinished slice, in order, as one buffer: {pcm, lastPart, lastAt}. */
export function tailOf(sessionId, seq) {
  return transact("readonly", ["tails"], ({ tails }) =>
    answer(tails.getAll(ofSlice(sessionId, seq)), (pieces) => ({
      pcm: join(pieces.map((piece) => piece.pcm)),
      lastPart: pieces.at(-1)?.part ?? 0,
      lastAt: pieces.at(-1)?.at ?? 0,
    })),
  );
}

/** Store a full slice and forget its pieces, in one step. */
export function sealSlice(sessionId, seq, pcm) {
  return transact("readwrite", ["sessions", "slices", "tails"], ({ sessions, slices, tails }) => {
    slices.put({ sessionId, seq, pcm });
    tails.delete(ofSlice(sessionId, seq));
    sessions.get(sessionId).onsuccess = ({ target }) => {
      if (!target.result) return;
      sessions.put({ ...target.result, nextSeq: seq + 1, touchedAt: Date.now() });
    };
  });
}

export function slice(sessionId, seq) {
  return transact("readonly", ["slices"], ({ slices }) => answer(slices.get([sessionId, seq])));
}

/** Sequence numbers waiting to be sent, lowest first. */
export function waiting(sessionId) {
  return transact("readonly", ["slices"], ({ slices }) =>
    answer(slices.getAllKeys(ofSession(sessionId)), (keys) => keys.map((key) => key[1])),
  );
}

/** The server has it: the only way a slice is deleted before its recording is complete. */
export function acknowledge(sessionId, seq) {
  return transact("readwrite", ["slices"], ({ slices }) => void slices.delete([sessionId, seq]));
}

export function forget(sessionId) {
  return transact("readwrite", Object.keys(STORES), ({ sessions, slices, tails }) => {
    sessions.delete(sessionId);
    slices.delete(ofSession(sessionId));
    tails.delete(ofSession(sessionId));
  });
}

/** The server closed the recording early: what is left becomes the start of a continuation. */
export function moveToContinuation(oldId, newId) {
  return transact("readwrite", Object.keys(STORES), ({ sessions, slices, tails }) => {
    const box = {};
    sessions.get(oldId).onsuccess = ({ target: { result: old } }) => {
      slices.getAll(ofSession(oldId)).onsuccess = ({ target: { result: left } }) => {
        left.forEach((one, i) => slices.put({ ...one, sessionId: newId, seq: i }));
        tails.getAll(ofSession(oldId)).onsuccess = ({ target: { result: pieces } }) => {
          pieces.forEach((piece) => tails.put({ ...piece, sessionId: newId, seq: left.length }));
          box.value = { ...old, id: newId, recordingId: null, continues: old.recordingId, nextSeq: left.length };
          box.value.problem = null;
          sessions.put(box.value);
          sessions.delete(oldId);
          slices.delete(ofSession(oldId));
          tails.delete(ofSession(oldId));
        };
      };
    };
    return box;
  });
}

/** Everything still held of a session as one playable WAV part: the last resort of the user. */
export async function heldSound(sessionId) {
  const record = await session(sessionId);
  const slices = await transact("readonly", ["slices"], (stores) => answer(stores.slices.getAll(ofSession(sessionId))));
  const tail = await tailOf(sessionId, record.nextSeq);
  return join([...slices.map((one) => one.pcm), tail.pcm]);
}
