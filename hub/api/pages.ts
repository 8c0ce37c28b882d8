import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Hono } from 'hono';
import type { Access } from './access.ts';

/** Names with a dot are files: ids have none. */
const FILE = '/:file{[^/]+\\.[a-z0-9]+}';

/**
 * Serves the built dashboard: files as they are (they hold no data), and its page for every other address, since factory,
 * lines, machines and sensors each have one.
 */
export function addPages(app: Hono, access: Access, folder: string | undefined): void {
  if (folder !== undefined) {
    app.use('/assets/*', async (context, next) => {
      await next();
      // Vite puts a hash of the content into these names.
      if (context.res.ok) context.header('Cache-Control', 'public, max-age=31536000, immutable');
    });
    app.use('/assets/*', serveStatic({ root: folder }));
    app.use(FILE, serveStatic({ root: folder }));
    for (const files of ['/assets/*', FILE]) app.get(files, (context) => context.text('There is no such file.', 404));
  }
  app.get('*', access.forPages, async (context) => {
    const page =
      folder === undefined ? undefined : await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
    context.header('Cache-Control', 'no-cache');
    if (page !== undefined) return context.html(page);
    return context.html(
      '<!doctype html><title>Plantbridge</title><p>The dashboard is not built. The API is at /api/v1.</p>',
    );
  });
}
