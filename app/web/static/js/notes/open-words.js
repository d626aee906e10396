/** What is still open in a note, as people think of it: single doubtful words, and whole sentences. */

/** Words nobody has accepted or corrected yet. */
export function openWords(note) {
  return note.open.low_confidence_words.filter((word) => !word.accepted);
}

/**
 * Words the recogniser was unsure of stand alone; those of a sentence no rule could place belong
 * together. Returns [{indexes, text, start, end, section, why}].
 */
export function openPoints(words) {
  const points = [];
  const sentences = new Map();
  for (const word of words) {
    if (word.doubt !== "unplaced") {
      points.push({ ...pointOf(word), why: `${Math.round(word.probability * 100)} % sure` });
      continue;
    }
    const known = sentences.get(word.sentence_id);
    if (known) extend(known, word);
    else {
      const point = { ...pointOf(word), why: "not placed in a section" };
      sentences.set(word.sentence_id, point);
      points.push(point);
    }
  }
  return points;
}

function pointOf({ index, text, start, end, section }) {
  return { indexes: [index], text, start, end, section };
}

function extend(point, word) {
  point.indexes.push(word.index);
  point.text += ` ${word.text}`;
  point.end = word.end;
}
