import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { ProblemError } from './problem.ts';

/**
 * Refuses requests for a name that is not ours: with DNS rebinding a foreign page reaches a hub on loopback or the LAN
 * under its own name. An address in numbers cannot be rebound.
 */
export function hostGuard(names: readonly string[]): MiddlewareHandler {
  const known = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  return async (context, next) => {
    const { hostname } = new URL(context.req.url);
    if (!known.has(hostname.toLowerCase()) && isIP(hostname.replace(/^\[|\]$/g, '')) === 0) {
      throw new ProblemError(
        403,
        "This hub does not answer under that host name. Use its address in numbers or localhost, or add the name to the hub's host names.",
      );
    }
    await next();
  };
}

/** Refuses what another site's page makes a browser send. */
export const originGuard: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header('Origin');
  if (context.req.method !== 'GET' && context.req.method !== 'HEAD' && origin !== undefined) {
    if (origin !== new URL(context.req.url).origin) {
      throw new ProblemError(403, 'A page of another origin may not do that.');
    }
  }
  await next();
};

/** Headers that keep a browser from doing more with our pages than they need. */
export const safeHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  // The hub speaks plain HTTP on loopback; whoever puts TLS before it sets this there.
  strictTransportSecurity: false,
});
