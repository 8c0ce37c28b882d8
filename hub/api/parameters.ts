import { parsePath, pathLevel } from '../../core/path.ts';
import { type Line, type Machine, machinesOf, type Site } from '../../core/site/site.ts';
import { readInstant } from './instants.ts';
import { ProblemError } from './problem.ts';

/** Times beyond are mistakes: milliseconds taken for seconds, mistyped years. */
const LATEST_MS = Date.UTC(2091, 0);

/** What a path of the site names. */
export type Located =
  | { readonly level: 'site'; readonly path: string; readonly site: Site }
  | { readonly level: 'line'; readonly path: string; readonly line: Line }
  | { readonly level: 'machine'; readonly path: string; readonly line: Line; readonly machine: Machine }
  | { readonly level: 'signal'; readonly path: string; readonly machine: Machine; readonly signal: string };

/** The query of one request, read strictly: every parameter that is wrong or unknown is a problem that names it. */
export class Parameters {
  readonly #query: Readonly<Record<string, readonly string[]>>;
  readonly #site: Site;

  /** @throws {ProblemError} for a parameter that the route does not know, or that is given twice. */
  constructor(site: Site, query: Readonly<Record<string, readonly string[]>>, known: readonly string[]) {
    this.#site = site;
    this.#query = query;
    for (const [name, values] of Object.entries(query)) {
      if (!known.includes(name)) {
        const allowed = known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}.`;
        throw new ProblemError(
          400,
          `The query has the unknown parameter ${shown(name)}. ${allowed}`,
          name.slice(0, 60),
        );
      }
      if (values.length > 1)
        throw new ProblemError(400, `The parameter ${name} is given ${values.length} times.`, name);
    }
  }

  text(name: string): string | undefined {
    return this.#query[name]?.[0];
  }

  /** @throws {ProblemError} 400 if it is missing or no path, 404 if the site has nothing by that path. */
  path(levels: readonly Located['level'][], name = 'path'): Located {
    const text = this.text(name);
    const wanted = `It must be the path of a ${levels.join(' or ')}, such as ${exampleOf(this.#site, levels)}.`;
    if (text === undefined || text === '')
      throw new ProblemError(400, `The parameter ${name} is missing. ${wanted}`, name);
    const parts = parsePath(text);
    if (parts === undefined || !levels.includes(pathLevel(parts))) {
      throw new ProblemError(400, `The parameter ${name} is ${shown(text)}. ${wanted}`, name);
    }
    const found = locate(this.#site, text);
    if (found === undefined) throw new ProblemError(404, `The site has nothing by the path ${shown(text)}.`, name);
    return found;
  }

  /** (fromMs, toMs]. @throws {ProblemError} if one is missing or wrong, or the range is empty or too long. */
  range(longestMs: number, why: string): { readonly fromMs: number; readonly toMs: number } {
    const fromMs = this.instant('from');
    const toMs = this.instant('to');
    if (fromMs >= toMs) {
      const given = `${shown(this.text('from') ?? '')} to ${shown(this.text('to') ?? '')}`;
      throw new ProblemError(400, `The range from ${given} is empty: from must be before to.`, 'from');
    }
    if (toMs - fromMs > longestMs) {
      const hours = (ms: number) => `${Math.round((ms / 3_600_000) * 10) / 10} h`;
      const detail = `The range is ${hours(toMs - fromMs)} long; ${why} is ${hours(longestMs)} at most.`;
      throw new ProblemError(400, detail, 'to');
    }
    return { fromMs, toMs };
  }

  /** @throws {ProblemError} */
  instant(name: string): number {
    const text = this.text(name);
    const wanted =
      'It must be an ISO 8601 time with offset between 1970 and 2090, such as 2026-11-22T06:00:00Z or 2026-11-22T07:00:00+01:00.';
    if (text === undefined || text === '')
      throw new ProblemError(400, `The parameter ${name} is missing. ${wanted}`, name);
    const timeMs = readInstant(text);
    if (timeMs === undefined || timeMs < 0 || timeMs > LATEST_MS) {
      // A "+" that nobody encoded arrives as a space.
      const hint = text.includes(' ') ? ' A "+" in a query must be written %2B.' : '';
      throw new ProblemError(400, `The parameter ${name} is ${shown(text)}. ${wanted}${hint}`, name);
    }
    return timeMs;
  }

  /** An integer within bounds. @throws {ProblemError} */
  integer(name: string, byDefault: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new ProblemError(
      400,
      `The parameter ${name} is ${shown(text)}. It must be an integer from ${least} to ${most}.`,
      name,
    );
  }

  /** One of several words. @throws {ProblemError} */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const got = text === undefined ? 'is missing' : `is ${shown(text)}`;
    throw new ProblemError(400, `The parameter ${name} ${got}. It must be one of ${choices.join(', ')}.`, name);
  }
}

/** What was got, as it may be repeated to a person. */
function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}

/** What a path names in the site; undefined if nothing. */
export function locate(site: Site, path: string): Located | undefined {
  const parts = parsePath(path);
  if (parts === undefined || parts.site !== site.id) return undefined;
  if (parts.line === undefined) return { level: 'site', path, site };
  const line = site.lines.find(({ id }) => id === parts.line);
  if (line === undefined || parts.machine === undefined) {
    return line === undefined ? undefined : { level: 'line', path, line };
  }
  const machine = line.machines.find(({ id }) => id === parts.machine);
  if (machine === undefined) return undefined;
  if (parts.signal === undefined) return { level: 'machine', path, line, machine };
  return { level: 'signal', path, machine, signal: parts.signal };
}

function exampleOf(site: Site, levels: readonly Located['level'][]): string {
  const [machine] = machinesOf(site);
  if (levels.includes('site')) return site.id;
  if (levels.includes('line')) return site.lines[0]?.path ?? site.id;
  if (levels.includes('machine')) return machine?.path ?? site.id;
  const withSensor = machinesOf(site).find(({ sensors }) => sensors.length > 0);
  return `${withSensor?.path ?? machine?.path}/${withSensor?.sensors[0]?.id ?? 'produced'}`;
}
