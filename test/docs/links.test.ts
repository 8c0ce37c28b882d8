import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../support/source-tree.ts';
import { type Document, documentOf, documents, inlineCode } from './documents.ts';

/** A path of the repository in the text, without a placeholder. */
const PATH_OF_OURS = /^(?:bin|cli|core|edge|hub|lib|lambda|local|bench|test|docs|sites|assets|\.ci)\/[\w./-]*$/;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;

/** GitHub's name of a heading: lower case, without punctuation, blanks as hyphens. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function anchorsOf(text: string): string[] {
  return [...documentOf('', text).prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** The links of a document that lead nowhere, each as a sentence. */
function brokenLinks({ path, prose }: Document): string[] {
  return [...prose.matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const found = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file));
    if (found.startsWith('..') || !existsSync(join(ROOT, found)))
      return [`${path} links to ${target}: there is no such file`];
    if (anchor === undefined) return [];
    if (!statSync(join(ROOT, found)).isFile()) return [`${path} links to ${target}: a folder has no headings`];
    const anchors = anchorsOf(readFileSync(join(ROOT, found), 'utf8'));
    return anchors.includes(anchor) ? [] : [`${path} links to ${target}: ${found} has no such heading`];
  });
}

describe('the decisions', () => {
  const decisions = documents().filter(({ path }) => path.startsWith('docs/adr/'));

  test('are numbered without a hole', () => {
    const numbers = decisions.map(({ path }) => Number(/^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test.each(decisions.map(({ path, text }) => [path, text] as const))(
    '%s says what was decided, and why',
    (path, text) => {
      expect(text).toMatch(
        new RegExp(`^# ${Number(path.slice('docs/adr/'.length, 'docs/adr/0000'.length))}\\. .+\n\nStatus: \\w+`),
      );
      const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(headings).toEqual(['Context', 'Positions', 'Decision', 'Consequences']);
    },
  );
});

describe('the links of the docs', () => {
  test('lead to files and headings that there are', () => {
    const all = documents();
    expect(all.flatMap(({ prose }) => [...prose.matchAll(LINK)]).length).toBeGreaterThan(30);
    expect(all.flatMap(brokenLinks)).toEqual([]);
  });

  test('of the README reach every page of docs/, and every decision is in docs/adr', () => {
    const readme = documents().find(({ path }) => path === 'README.md');
    const linked = [...(readme?.text ?? '').matchAll(LINK)].map(([, target]) => target);
    const pages = documents().filter(({ path }) => path.startsWith('docs/') && !path.startsWith('docs/adr/'));
    expect(pages.map(({ path }) => path).filter((path) => !linked.includes(path))).toEqual([]);
    expect(linked).toContain('docs/adr');
  });

  test('and the paths in their text lead to files that there are', () => {
    const paths = documents().flatMap((document) =>
      inlineCode(document).flatMap((code) => (PATH_OF_OURS.test(code) ? [{ document: document.path, code }] : [])),
    );
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter(({ code }) => !existsSync(join(ROOT, code)))).toEqual([]);
  });

  test.each([
    ['a file that is not there', '[x](docs/nothing.md)'],
    ['a heading that is not there', '[x](docs/oee.md#nothing)'],
    ['a file outside of the repository', '[x](../../etc/passwd)'],
  ])('are refused: %s', (_what, text) => expect(brokenLinks(documentOf('README.md', text))).toHaveLength(1));
});
