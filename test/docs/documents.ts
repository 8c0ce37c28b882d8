import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/source-tree.ts';

/** A fenced block of a document. */
export interface Block {
  /** The document, from the repository's folder: `docs/api.md`. */
  readonly document: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  /** What follows the fence: `sh`; empty where nothing does. */
  readonly language: string;
  readonly text: string;
}

/** A Markdown file of the repository. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text with its blocks blanked out: line numbers stay. */
  readonly prose: string;
}

/** A command of an `sh` or `console` block, and what the block shows as its output (console only). */
export interface DocumentedCommand {
  readonly at: string;
  readonly command: string;
  readonly output: string | undefined;
}

const FENCE = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** README.md, CONTRIBUTING.md and all of docs/. */
export function documents(): Document[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const paths = inDocs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path.replaceAll('\\', '/')}`);
  return ['README.md', 'CONTRIBUTING.md', ...paths.toSorted()].map((path) =>
    documentOf(path, readFileSync(join(ROOT, path), 'utf8')),
  );
}

/** Reads a document's text. */
export function documentOf(path: string, text: string): Document {
  const blocks = [...text.matchAll(FENCE)].map(([, indent = '', language = '', body = ''], index) => {
    const at = [...text.matchAll(FENCE)][index]?.index ?? 0;
    const plain = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    return { document: path, line: text.slice(0, at).split('\n').length, language, text: plain };
  });
  return { path, text, blocks, prose: text.replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, ' ')) };
}

/** The commands of a block; lines that end in a backslash or within quotes go on in the next one. */
export function commandsOf({ document, line, language, text }: Block): DocumentedCommand[] {
  const at = `${document}:${line}`;
  if (language === 'console') {
    return text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { at, command, output: output.join('\n') };
      });
  }
  const commands: DocumentedCommand[] = [];
  let begun = '';
  for (const physical of text.split('\n')) {
    begun = begun === '' ? physical : `${begun}\n${physical}`;
    if (isOpen(begun)) continue;
    const command = withoutComment(begun).trim();
    if (command !== '') commands.push({ at, command, output: undefined });
    begun = '';
  }
  if (begun !== '') throw new Error(`${at} has a command that does not end: ${begun}`);
  return commands;
}

/** The text's code in backticks, outside of blocks: `npm start`. */
export function inlineCode({ prose }: Document): string[] {
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

function isOpen(command: string): boolean {
  if (/\\$/.test(command)) return true;
  const quote = quoteAtEnd(command);
  return quote !== undefined;
}

/** A comment of the shell: a number sign after a blank, outside of quotes. */
function withoutComment(command: string): string {
  for (const { index } of command.matchAll(/(^|\s)#/g)) {
    if (quoteAtEnd(command.slice(0, index)) === undefined) return command.slice(0, index);
  }
  return command;
}

function quoteAtEnd(text: string): string | undefined {
  let open: string | undefined;
  for (const character of text) {
    if (open === undefined && (character === '"' || character === "'")) open = character;
    else if (character === open) open = undefined;
  }
  return open;
}
