import type { Hono } from 'hono';
import { type ApiContext, parametersOf } from '../context.ts';
import { openApiDocument } from '../openapi.ts';

/** `/openapi.json` */
export function addOpenApiRoute(app: Hono, api: ApiContext): void {
  app.get('/openapi.json', (context) => {
    parametersOf(context, api, []);
    return context.json(openApiDocument());
  });
}
