import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { ProblemError } from './problem.ts';

/** Browsers keep a cookie for 400 days at most (RFC 6265bis). */
const COOKIE_SECONDS = 400 * 24 * 3600;

/**
 * Who may see the plant: whoever has the access token, as `Authorization: Bearer`, or as the cookie that a page's
 * `?token=` is exchanged for. Tokens are compared in constant time and never logged.
 */
export class Access {
  readonly #digest: Buffer;
  /** Named after the token, so that two hubs on one machine (cookies know no ports) don't take each other's. */
  readonly #cookie: string;

  constructor(token: string) {
    this.#digest = digestOf(token);
    this.#cookie = `plantbridge-${createHash('sha256').update(this.#digest).digest('hex').slice(0, 12)}`;
  }

  /** @throws {ProblemError} 401 without the token. */
  readonly forApi: MiddlewareHandler = async (context, next) => {
    if (!this.#holds(context)) {
      throw new ProblemError(
        401,
        'Send the access token as "Authorization: Bearer <token>", or open the address that the hub printed when it started (it holds ?token=...).',
      );
    }
    await next();
  };

  /** Exchanges `?token=` for the cookie and leads on to the address without it; without a token, says how to get in. */
  readonly forPages: MiddlewareHandler = async (context, next) => {
    const url = new URL(context.req.url);
    const given = url.searchParams.get('token');
    if (given !== null && this.#isToken(given)) {
      setCookie(context, this.#cookie, given, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: COOKIE_SECONDS,
      });
      url.searchParams.delete('token');
      // Two slashes at the beginning would lead to another host.
      return context.redirect(`/${url.pathname.replace(/^\/+/, '')}${url.search}`, 303);
    }
    if (given === null && this.#holds(context)) return next();
    context.header('Cache-Control', 'no-store');
    return context.html(WELCOME, 401);
  };

  #holds(context: Context): boolean {
    const header = /^Bearer +([^\s]+)$/i.exec(context.req.header('Authorization') ?? '')?.[1];
    return this.#isToken(header) || this.#isToken(getCookie(context, this.#cookie));
  }

  #isToken(text: string | undefined): boolean {
    return text !== undefined && timingSafeEqual(digestOf(text), this.#digest);
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const WELCOME = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Plantbridge</title>
<h1>Plantbridge</h1>
<p>This page shows a factory to those who have its access token. Open the address that was printed when it started: it ends with <code>?token=…</code>. The token is also in the file <code>token</code> of the data folder (<code>.plant/token</code>).</p>
</html>
`;
