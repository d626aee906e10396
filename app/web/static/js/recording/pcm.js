/** The sound this site sends: 16 kHz mono 16-bit PCM in slices of three seconds, the first with a WAV header. */

export const SAMPLE_RATE = 16000;
export const BYTES_PER_SECOND = SAMPLE_RATE * 2;
export const SLICE_BYTES = 96_000;
const UNKNOWN_LENGTH = 0xffffffff;

/** A 44-byte WAV header; without a length it says "still growing". */
export function wavHeader(dataBytes = UNKNOWN_LENGTH) {
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, word) => [...word].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  header.setUint32(4, dataBytes === UNKNOWN_LENGTH ? UNKNOWN_LENGTH : dataBytes + 36, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, SAMPLE_RATE, true);
  header.setUint32(28, BYTES_PER_SECOND, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, dataBytes, true);
  return header.buffer;
}

/** Several ArrayBuffers as one. */
export function join(buffers) {
  const whole = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    whole.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return whole.buffer;
}

/** What goes over the wire for slice `seq`: the header belongs to the first one only. */
export function wireBytes(seq, pcm) {
  return seq === 0 ? join([wavHeader(), pcm]) : pcm;
}

/** The RFC 9530 Content-Digest of some bytes. */
export async function contentDigest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
}

/** Microphone and hashing exist on https and localhost only. */
export function canRecordHere() {
  return isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia) && "audioWorklet" in AudioContext.prototype;
}
