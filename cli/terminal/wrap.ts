/** Below this many characters a hanging column is of no use: the text goes below instead. */
const LEAST_ROOM = 24;

/**
 * Breaks a text between words, so that a terminal need not break it within one.
 * @param columns how wide the terminal is; Infinity breaks nothing.
 * @returns lines of at most `columns` characters, but for single words that are longer.
 */
export function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Rows in columns, two spaces apart and indented by two; a last column that is too wide goes on below itself. */
export function fittedTable(rows: readonly (readonly string[])[], columns: number): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.flatMap((row) => {
    const lead = `  ${row
      .slice(0, -1)
      .map((cell, column) => `${cell.padEnd(widthOf(column))}  `)
      .join('')}`;
    const last = row.at(-1) ?? '';
    if (lead.length + last.length <= columns) return [`${lead}${last}`.trimEnd()];
    const below = columns - lead.length < LEAST_ROOM;
    const indent = ' '.repeat(below ? 4 : lead.length);
    const parts = wrapWords(last, columns - indent.length);
    const [first = '', ...others] = parts;
    return below
      ? [lead.trimEnd(), ...parts.map((part) => indent + part)]
      : [lead + first, ...others.map((part) => indent + part)];
  });
}
