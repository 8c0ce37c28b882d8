import { type PathLevel, parsePath, pathLevel } from '../../../../core/path.ts';

/** What a user may look at: the running hour, a shift, a local day, or any range. */
export const WINDOW_CHOICES = ['hour', 'shift', 'day', 'range'] as const;
export type WindowChoice = (typeof WINDOW_CHOICES)[number];

/** An address of the dashboard: what is shown, over which window, and whether as a hall display. */
export interface Route {
  /** `<site>[/<line>[/<machine>[/<sensor>]]]`; empty for the start page, which goes on to the site. */
  readonly path: string;
  /** undefined for the start page and for addresses that are no path. */
  readonly level: PathLevel | undefined;
  readonly window: WindowChoice;
  /** The window that holds this instant, or the start of a range; ISO 8601. undefined: now. */
  readonly from: string | undefined;
  /** The end of a range; ISO 8601. */
  readonly to: string | undefined;
  readonly hall: boolean;
}

function isWindowChoice(text: string | null): text is WindowChoice {
  return WINDOW_CHOICES.some((choice) => choice === text);
}

function instant(text: string | null): string | undefined {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** Reads an address. What it does not understand in the query falls back to the running hour. */
export function parseRoute(pathname: string, search: string): Route {
  const path = pathname.replace(/^\/+|\/+$/g, '');
  const parts = path === '' ? undefined : parsePath(path);
  const query = new URLSearchParams(search);
  const from = instant(query.get('from'));
  const to = instant(query.get('to'));
  const asked = query.get('window');
  const range = asked === 'range' && from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to);
  return {
    path,
    level: parts && pathLevel(parts),
    window: isWindowChoice(asked) && (asked !== 'range' || range) ? asked : 'hour',
    from,
    to: range ? to : undefined,
    hall: query.has('hall'),
  };
}

/** The address of a route; what is the default is left out, so that addresses stay short. */
export function formatRoute(route: Partial<Route> & { readonly path: string }): string {
  const query: string[] = [];
  if (route.window !== undefined && route.window !== 'hour') query.push(`window=${route.window}`);
  if (route.from !== undefined) query.push(`from=${encodeURIComponent(route.from)}`);
  if (route.window === 'range' && route.to !== undefined) query.push(`to=${encodeURIComponent(route.to)}`);
  if (route.hall) query.push('hall');
  return `/${route.path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
