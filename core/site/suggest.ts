import { closestName } from '../formula/index.ts';

/**
 * The known word that was probably meant: spelt otherwise (`ideal_cycle_seconds`), shortened (`opc`) or misspelt.
 * @returns undefined where nothing is close enough.
 */
export function closestWord(word: string, known: Iterable<string>): string | undefined {
  const byPlain = new Map([...known].map((candidate) => [plain(candidate), candidate]));
  const wanted = plain(word);
  if (wanted === '' || wanted.length > 64) return undefined;
  const same = byPlain.get(wanted);
  if (same !== undefined) return same;
  const longer = [...byPlain.keys()].filter((candidate) => wanted.length > 2 && candidate.startsWith(wanted));
  // Of two or three letters, one that differs is no likeness.
  const similar = wanted.length > 3 ? closestName(wanted, byPlain.keys()) : undefined;
  const meant = longer.length === 1 ? longer[0] : similar;
  return meant === undefined ? undefined : byPlain.get(meant);
}

/** A hint "Did you mean x?", or undefined. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const meant = closestWord(word, known);
  return meant === undefined || meant === word ? undefined : `Did you mean ${meant}?`;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}
