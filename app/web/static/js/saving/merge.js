/** Three-way merge of a note by section: pure functions, no page. */

/**
 * base, mine, theirs: {section key: text}. Only what both changed, differently, is a conflict.
 * Returns {merged: {key: text}, theirsOnly: [key], conflicts: [{key, mine, theirs}]}.
 */
export function merge(base, mine, theirs) {
  const merged = {};
  const theirsOnly = [];
  const conflicts = [];
  for (const key of Object.keys(theirs)) {
    const [was, ours, other] = [base[key] ?? "", mine[key] ?? "", theirs[key]];
    if (ours === other || other === was) merged[key] = ours;
    else if (ours === was) {
      merged[key] = other;
      theirsOnly.push(key);
    } else {
      merged[key] = ours;
      conflicts.push({ key, mine: ours, theirs: other });
    }
  }
  return { merged, theirsOnly, conflicts };
}

/** Both texts, one after the other, without saying the same line twice. */
export function combine(mine, theirs) {
  const known = new Set(theirs.split("\n").map((line) => line.trim()));
  const added = mine.split("\n").filter((line) => line.trim() && !known.has(line.trim()));
  return [theirs.trimEnd(), ...added].filter(Boolean).join("\n");
}
