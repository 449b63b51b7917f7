const LONGEST = 63;
/** A guess is not worth more: thousands of wrong names times thousands of known ones would block. */
const MOST_COMPARED = 300;

/** The known word nearest to `word` by edit distance, if it is near enough to be a slip. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const lower = word.toLowerCase();
  const allowed = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const near = [...known].slice(0, MOST_COMPARED).flatMap((name) => {
    const distance = editDistance(lower, name, allowed);
    return distance <= allowed ? [{ name, distance }] : [];
  });
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.name;
}

/**
 * Levenshtein's distance, with two neighbours exchanged as one slip (optimal string alignment).
 * Infinity once it is sure to be more than `allowed`.
 */
function editDistance(a: string, b: string, allowed: number): number {
  if (Math.abs(a.length - b.length) > allowed) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  let least = 0;
  for (let i = 1; i <= a.length; i += 1) {
    const next = nextRow(a, b, i, row, before);
    const leastBefore = least;
    least = Math.min(...next);
    // An exchange reaches back two rows.
    if (least > allowed && leastBefore > allowed) return Infinity;
    before = row;
    row = next;
  }
  return cell(row, b.length);
}

function nextRow(a: string, b: string, i: number, row: number[], before: number[]): number[] {
  const next = [i];
  let left = i;
  for (let j = 1; j <= b.length; j += 1) {
    const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
    let best = Math.min(cell(row, j - 1) + (same ? 0 : 1), cell(row, j) + 1, left + 1);
    const exchanged =
      i > 1 &&
      j > 1 &&
      a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
      a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
    if (exchanged) best = Math.min(best, cell(before, j - 2) + 1);
    next.push(best);
    left = best;
  }
  return next;
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
