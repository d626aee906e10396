/** How times and sizes are written for people. */

/** 75.4 -> "1:15"; 3675 -> "1:01:15". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** 75.4 -> "1 minute 15 seconds", for screen readers. */
export function spokenTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const minutes = Math.floor(whole / 60);
  const words = [];
  if (minutes) words.push(`${minutes} minute${minutes === 1 ? "" : "s"}`);
  words.push(`${whole % 60} second${whole % 60 === 1 ? "" : "s"}`);
  return words.join(" ");
}

/** 1536000 -> "1.5 MB". */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A Date or ISO text -> "14:05" in the reader's own zone. */
export function hourMinute(instant) {
  return new Date(instant).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** 0.4321 -> "43 %". */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

const UNHEARD = {
  no_speech: "Sound without clear speech: no words are given.",
  repetition: "The recogniser went round in circles here: its words were thrown away. Listen.",
  faint: "Something like a voice, too faint for words. Listen.",
  no_words: "A voice was found, but no words. Listen.",
  damaged: "The sound is damaged here.",
};

/** Why a stretch of sound has no words. */
export function unheardReason(reason) {
  return UNHEARD[reason] ?? "No words are given for this stretch. Listen.";
}

const SYSTOLIC = "8480-6";
const DIASTOLIC = "8462-4";
const UNITS = { "mm[Hg]": "mmHg", "/min": "per min", Cel: "°C", "[degF]": "°F", "[lb_av]": "lb", "[in_i]": "in" };

const unit = (code) => UNITS[code] ?? code;

/** Vital signs as they are written in charts; the two blood pressures as one. */
export function vitalLines(vitals) {
  const diastolic = vitals.find((vital) => vital.code === DIASTOLIC);
  const lines = [];
  for (const vital of vitals) {
    if (vital === diastolic && vitals.some((other) => other.code === SYSTOLIC)) continue;
    const both = vital.code === SYSTOLIC && diastolic;
    const label = both ? "Blood pressure" : vital.label;
    const value = both ? `${vital.value}/${diastolic.value}` : vital.value;
    const doubt = vital.plausible === false ? " (unlikely: check)" : "";
    lines.push(`${label} ${value} ${unit(vital.unit)}${doubt}`);
  }
  return lines;
}
