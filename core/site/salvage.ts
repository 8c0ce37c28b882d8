import type { z } from 'zod';
import type { SitePath } from './fault.ts';

/** What is left of a faulty file once everything faulty has been taken out. */
export interface Salvage<T> {
  readonly data: T;
  /** The place in the file of a place in `data`: taking entries out of lists moved those behind them. */
  originalPath(path: SitePath): SitePath;
}

const MOST_ROUNDS = 20;

/**
 * Takes out what a schema refuses, so that what is right can still be checked against each other and a user sees all
 * faults at once. An entry of a list that can't be mended goes as a whole.
 * @param placeholders Values for keys of the root that are missing or faulty.
 * @returns undefined where nothing useful is left.
 */
export function salvage<T>(
  schema: z.ZodType<T>,
  root: Readonly<Record<string, unknown>>,
  placeholders: Readonly<Record<string, unknown>>,
): Salvage<T> | undefined {
  const copy: Record<string, unknown> = structuredClone(root);
  const indices = new WeakMap<object, number[]>();
  numberLists(copy, indices);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = schema.safeParse(copy);
    if (result.success) {
      return { data: result.data, originalPath: (path) => translatePath(copy, path, indices) };
    }
    // Last first, so that taking an entry out does not move what the next issue names.
    const targets = result.error.issues.flatMap(faultyPlaces).sort(comparePaths).reverse();
    let gone: SitePath | undefined;
    for (const target of targets) {
      // What lay in an entry that went as a whole is gone too; its index names the next entry by now.
      if (gone === undefined || !gone.every((part, index) => part === target[index])) {
        gone = takeOut(copy, target, indices);
      }
    }
    for (const [key, value] of Object.entries(placeholders)) copy[key] ??= structuredClone(value);
  }
  return undefined;
}

function faultyPlaces(issue: z.core.$ZodIssue): SitePath[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function comparePaths(a: SitePath, b: SitePath): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left = 0, right = 0] = [a[index], b[index]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}

function numberLists(value: unknown, indices: WeakMap<object, number[]>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (indices.has(value)) return;
    indices.set(
      value,
      value.map((_, index) => index),
    );
  }
  for (const child of Object.values(value)) numberLists(child, indices);
}

/**
 * Removes what stands at a path, or, if nothing stands there (a missing key), the nearest thing around it.
 * @returns the path of what went.
 */
function takeOut(root: unknown, path: SitePath, indices: WeakMap<object, number[]>): SitePath | undefined {
  const parents: unknown[] = [root];
  for (const part of path.slice(0, -1)) {
    const parent = parents.at(-1);
    parents.push(isContainer(parent) ? Reflect.get(parent, part) : undefined);
  }
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = parents[depth];
    const part = path[depth];
    if (!isContainer(parent) || part === undefined) continue;
    if (Array.isArray(parent)) {
      if (typeof part !== 'number' || part >= parent.length) continue;
      parent.splice(part, 1);
      indices.get(parent)?.splice(part, 1);
      return path.slice(0, depth + 1);
    }
    if (Object.hasOwn(parent, part)) {
      Reflect.deleteProperty(parent, part);
      return path.slice(0, depth + 1);
    }
  }
  return undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function translatePath(root: unknown, path: SitePath, indices: WeakMap<object, number[]>): SitePath {
  let node: unknown = root;
  return path.map((part) => {
    const parent = node;
    node = isContainer(parent) ? Reflect.get(parent, part) : undefined;
    if (typeof part !== 'number' || !Array.isArray(parent)) return part;
    return indices.get(parent)?.[part] ?? part;
  });
}
