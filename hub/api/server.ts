import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { UserFault } from '../../core/process.ts';

/** A listening web server. */
export interface ApiServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops taking requests and ends the open ones. */
  close(): Promise<void>;
}

/** @throws {UserFault} where the port is taken or may not be used. */
export function listen(app: Hono, port: number, host: string): Promise<ApiServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: host }, ({ port: actual }) => {
      const shownHost = host.includes(':') ? `[${host}]` : host;
      resolve({
        url: `http://${shownHost}:${actual}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', (error: NodeJS.ErrnoException) => reject(toFault(error, port, host)));
  });
}

function toFault(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE')
    return new UserFault(`Port ${port} is taken by another program. Choose another with --port.`);
  if (error.code === 'EACCES')
    return new UserFault(`Port ${port} may not be used by this user. Choose one above 1023 with --port.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserFault(`This machine has no address ${host} to listen on.`);
  }
  return error;
}
