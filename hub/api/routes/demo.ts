import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type ApiContext, type DemoControl, parametersOf } from '../context.ts';
import type { DemoResponse } from '../contract.ts';
import { ProblemError } from '../problem.ts';
import { demoActionSchema, demoResponseSchema } from '../schemas.ts';

const MAX_BODY_BYTES = 4096;
const TIMEOUT_MS = 5000;
/** What the body of an action is, for whoever sent another. */
const ACTION_FORM =
  'It must be {"machine": "<site>/<line>/<machine>", "action": "stop" | "scrap" | "wear" | "disconnect", "on": true | false} and nothing else.';

/** `/demo` and `/demo/actions`: passed on to the simulator, in the demo only. */
export function addDemoRoutes(app: Hono, api: ApiContext): void {
  app.get('/demo', async (context) => {
    parametersOf(context, api, []);
    return context.json<DemoResponse>(await ask(api.demo, undefined));
  });
  const tooLarge = () => {
    throw new ProblemError(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
  };
  app.post('/demo/actions', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }), async (context) => {
    parametersOf(context, api, []);
    // A form of a foreign page can't send JSON without being asked first (CORS).
    if (!/^application\/json\b/i.test(context.req.header('Content-Type') ?? '')) {
      throw new ProblemError(415, 'The body must be JSON: send "Content-Type: application/json".');
    }
    const body: unknown = await context.req.json().catch(() => {
      throw new ProblemError(400, `The body is not JSON. ${ACTION_FORM}`);
    });
    const parsed = demoActionSchema.safeParse(body);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') ?? '';
      const wrong = field === '' ? 'The body' : `The field ${field}`;
      throw new ProblemError(400, `${wrong} is not as it must be. ${ACTION_FORM}`, field === '' ? undefined : field);
    }
    return context.json<DemoResponse>(await ask(api.demo, parsed.data));
  });
}

/** Asks the simulator's control endpoint. */
async function ask(demo: DemoControl | undefined, action: object | undefined): Promise<DemoResponse> {
  if (demo === undefined) throw new ProblemError(404, 'This is not the demo: its machines are real ones.');
  const init =
    action === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(action), headers: { 'content-type': 'application/json' } };
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(demo.url, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${demo.secret}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await answer.json();
  } catch {
    throw new ProblemError(502, 'The simulator does not answer. It is started again by itself: try again in a moment.');
  }
  if (answer.status === 404) throw new ProblemError(404, 'The simulator has no such machine.', 'machine');
  const parsed = demoResponseSchema.safeParse(body);
  if (!answer.ok || !parsed.success) throw new ProblemError(502, `The simulator refused with status ${answer.status}.`);
  return parsed.data;
}
