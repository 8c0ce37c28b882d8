/**
 * The known word that was probably meant, by edit distance (with swapped neighbours as one edit, which is the most
 * frequent slip).
 * @returns undefined where nothing is close enough: a third of the longer word's letters may differ, two at least.
 */
export function closestWord(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  const plain = word.toLowerCase().replaceAll(/[-_ ]/g, '');
  for (const candidate of known) {
    const other = candidate.toLowerCase().replaceAll(/[-_ ]/g, '');
    const longest = Math.max(plain.length, other.length);
    const bound = Math.max(2, Math.floor(longest / 3));
    if (longest > 64 || Math.abs(plain.length - other.length) > bound) continue;
    const distance = editDistance(plain, other);
    if (distance <= bound && distance < longest && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A hint "Did you mean x?", or undefined. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const meant = closestWord(word, known);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** Optimal string alignment distance: insert, delete, replace or swap two neighbours, each as one. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
