import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import type { DemoAction } from './model/machine.ts';

/** What the demo panel may do; the hub passes on what its API was asked (`hub/api/contract.ts`, DemoActionRequest). */
export interface DemoControls {
  /** Which actions are on, machine by machine. */
  state(): { readonly machines: readonly { readonly path: string; readonly active: readonly DemoAction[] }[] };
  /** @returns false where there is no such machine. */
  act(machinePath: string, action: DemoAction, on: boolean): Promise<boolean>;
}

const requestSchema = z.strictObject({
  machine: z.string().max(200),
  action: z.enum(['stop', 'scrap', 'wear', 'disconnect']),
  on: z.boolean(),
});

const MAX_BODY_BYTES = 4096;

/**
 * The simulator's control endpoint on loopback: `GET /` and `POST /`, both with `Authorization: Bearer <secret>`.
 * @returns the server, listening, with its address.
 */
export async function startControl(
  port: number,
  secret: string,
  controls: DemoControls,
): Promise<{ readonly server: Server; readonly url: string }> {
  const expected = Buffer.from(`Bearer ${secret}`);
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      send(401, { detail: 'The secret is missing or wrong.' });
      return;
    }
    if (request.method === 'GET') send(200, controls.state());
    else if (request.method === 'POST') {
      handle(request, controls).then(
        ([status, body]) => send(status, body),
        () => send(500, { detail: 'The simulator could not do it.' }),
      );
    } else send(405, { detail: 'GET and POST only.' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return { server, url: `http://127.0.0.1:${actual}/` };
}

async function handle(request: IncomingMessage, controls: DemoControls): Promise<[number, unknown]> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) return [413, { detail: 'The request is too long.' }];
  }
  const parsed = requestSchema.safeParse(parseJson(body));
  if (!parsed.success) return [400, { detail: z.prettifyError(parsed.error) }];
  const { machine, action, on } = parsed.data;
  const known = await controls.act(machine, action, on);
  return known ? [200, controls.state()] : [404, { detail: `There is no machine ${machine}.` }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
