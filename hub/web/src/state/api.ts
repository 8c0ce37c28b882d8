import { useSignal, useSignalEffect } from '@preact/signals';
import type { Problem } from '../../../api/contract.ts';

/** What went wrong with a request, in the hub's words where it found any. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string';
}

/** A JSON answer of `/api/v1`. @throws ApiError */
export async function requestJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/api/v1${url}`, { credentials: 'same-origin', ...init });
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  const body: unknown = await response.json().catch(() => undefined);
  throw new ApiError(response.status, isProblem(body) ? body.detail : `The hub answered ${response.status}.`);
}

/** `?a=1&b=2`, times as ISO 8601. */
export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
  return `?${search.toString()}`;
}

export interface Fetched<T> {
  /** The newest answer; the former one stays while the next is on its way. undefined: none yet. */
  readonly data: T | undefined;
  readonly error: string | undefined;
}

/**
 * Fetches, and fetches again every so often.
 * @param makeUrl called at each fetch, so that a running window ends now; null: nothing to fetch
 * @param key what is asked for: a new key drops the answer to the former one
 * @param refreshMs 0: once
 */
export function useFetched<T>(key: string | null, makeUrl: () => string, refreshMs: number): Fetched<T> {
  const state = useSignal<Fetched<T> & { readonly key: string | null }>({
    key: null,
    data: undefined,
    error: undefined,
  });
  const asked = useSignal<{ key: string | null; makeUrl: () => string; refreshMs: number }>({
    key: null,
    makeUrl,
    refreshMs,
  });
  if (asked.peek().key !== key) asked.value = { key, makeUrl, refreshMs };
  useSignalEffect(() => {
    const current = asked.value;
    if (current.key === null) return;
    const aborter = new AbortController();
    let timer = 0;
    const load = async (): Promise<void> => {
      try {
        const data = await requestJson<T>(current.makeUrl(), { signal: aborter.signal });
        state.value = { key: current.key, data, error: undefined };
      } catch (error) {
        if (aborter.signal.aborted) return;
        const message = error instanceof ApiError ? error.message : 'The hub does not answer.';
        const known = state.peek().key === current.key ? state.peek().data : undefined;
        state.value = { key: current.key, data: known, error: message };
      }
      if (current.refreshMs > 0 && !aborter.signal.aborted) timer = window.setTimeout(load, current.refreshMs);
    };
    void load();
    return () => {
      aborter.abort();
      window.clearTimeout(timer);
    };
  });
  return state.value.key === key ? state.value : { data: undefined, error: undefined };
}
