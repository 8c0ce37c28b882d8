import { type Handler, Hono } from 'hono';
import { DatabaseError } from '../historian/database.ts';
import { Access } from './access.ts';
import type { ApiContext } from './context.ts';
import { hostGuard, originGuard, safeHeaders } from './guard.ts';
import { addPages } from './pages.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { addDemoRoutes } from './routes/demo.ts';
import { addLiveRoute } from './routes/live.ts';
import { addLossesRoute } from './routes/losses.ts';
import { addOeeRoute } from './routes/oee.ts';
import { addOpenApiRoute } from './routes/openapi.ts';
import { addSamplesRoute } from './routes/samples.ts';
import { addStatesRoute } from './routes/states.ts';
import { addTreeRoutes } from './routes/tree.ts';

/** What the web side needs beside the API's context. */
export interface AppOptions {
  readonly token: string;
  /** Further names under which the hub may be reached. */
  readonly hostNames: readonly string[];
  /** The built dashboard. */
  readonly webFolder: string | undefined;
}

const API = '/api/v1';

/** The hub's whole web side: `/api/v1`, and the dashboard on every other address. */
export function createApp(api: ApiContext, options: AppOptions): Hono {
  const app = new Hono();
  const access = new Access(options.token);
  app.use(safeHeaders, hostGuard(options.hostNames), originGuard);
  app.use('/api/*', async (context, next) => {
    context.header('Cache-Control', 'no-store');
    // Health alone is open: whoever watches over the hub needs no token.
    return context.req.path === `${API}/health` ? next() : access.forApi(context, next);
  });
  app.route(API, apiRoutes(api));
  app.all('/api/*', (context) => {
    throw new ProblemError(
      404,
      `The API has no ${context.req.path.slice(0, 200)}. ${API}/openapi.json lists what it has.`,
    );
  });
  addPages(app, access, options.webFolder);
  app.notFound((context) => problemResponse(context, new ProblemError(404, 'There is no such page.')));
  app.onError((error, context) => {
    if (error instanceof ProblemError) return problemResponse(context, error);
    if (error instanceof DatabaseError && error.kind === 'unavailable') {
      api.logger.warn({ reason: error.message }, 'a request could not be answered');
      return problemResponse(
        context,
        new ProblemError(503, 'The historian is not available now. Try again in a moment.'),
      );
    }
    api.logger.error({ reason: error.stack, path: context.req.path }, 'a request failed');
    return problemResponse(context, new ProblemError(500, 'The hub could not answer. Its log says why.'));
  });
  return app;
}

function apiRoutes(api: ApiContext): Hono {
  const app = new Hono();
  for (const add of [
    addTreeRoutes,
    addSamplesRoute,
    addOeeRoute,
    addStatesRoute,
    addLossesRoute,
    addLiveRoute,
    addDemoRoutes,
    addOpenApiRoute,
  ]) {
    add(app, api);
  }
  const methods = new Map<string, string>(app.routes.map(({ path, method }) => [path, method]));
  for (const [path, method] of methods) app.all(path, notAllowed(method));
  return app;
}

/** RFC 9110, clause 15.5.6: a refusal of a method names those that there are. */
function notAllowed(method: string): Handler {
  return (context) => {
    context.header('Allow', method);
    throw new ProblemError(405, `This address takes ${method} only.`);
  };
}
