import type { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { LiveEvent } from '../../live/live-feed.ts';
import { type ApiContext, parametersOf } from '../context.ts';
import { ProblemError } from '../problem.ts';

/** A browser that does not take one event within this time is dropped: it may come back. */
const PATIENCE_MS = 10_000;
const MOST_CLIENTS = 500;

/** `/live`: server-sent events (HTML standard, clause 9.2). */
export function addLiveRoute(app: Hono, api: ApiContext): void {
  app.get('/live', (context) => {
    const parameters = parametersOf(context, api, ['path']);
    const scope = parameters.text('path') === undefined ? '' : parameters.path(['site', 'line', 'machine']).path;
    if (api.feed.size >= MOST_CLIENTS) {
      throw new ProblemError(503, `${MOST_CLIENTS} browsers look at this hub already: that is its limit.`);
    }
    // Proxies must neither store nor buffer it.
    context.header('X-Accel-Buffering', 'no');
    return streamSSE(context, async (stream) => {
      const client = api.feed.join(scope);
      stream.onAbort(() => api.feed.leave(client));
      const send = ({ event, data }: LiveEvent) => inTime(stream.writeSSE({ event, data: JSON.stringify(data) }));
      try {
        await send(client.snapshot(api.snapshot()));
        while (!client.closed) {
          await client.wait();
          for (const event of client.take(api.now())) await send(event);
        }
      } catch (error) {
        api.logger.info({ reason: String(error) }, 'a browser was dropped');
      } finally {
        api.feed.leave(client);
      }
    });
  });
}

async function inTime(written: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it took no event for ${PATIENCE_MS} ms`)), PATIENCE_MS);
  try {
    await Promise.race([written, promise]);
  } finally {
    clearTimeout(timer);
  }
}
