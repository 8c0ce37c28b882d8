import type { Hono } from 'hono';
import type { Machine, Site } from '../../../core/site/site.ts';
import type { SourceConfig } from '../../../core/site/source-schema.ts';
import { type ApiContext, parametersOf } from '../context.ts';
import type { HealthResponse, LineNode, MachineNode, SiteSummary, TreeResponse } from '../contract.ts';

/** `/health`, `/sites`, `/tree`: what there is. */
export function addTreeRoutes(app: Hono, api: ApiContext): void {
  // Answers from the site file never change while the hub runs.
  const summary = summaryOf(api.site);
  const tree = treeOf(api.site, api.demo !== undefined);
  app.get('/health', (context) => {
    parametersOf(context, api, []);
    return context.json<HealthResponse>(api.health());
  });
  app.get('/sites', (context) => {
    parametersOf(context, api, []);
    return context.json<readonly SiteSummary[]>([summary]);
  });
  app.get('/tree', (context) => {
    parametersOf(context, api, []);
    return context.json<TreeResponse>(tree);
  });
}

function summaryOf(site: Site): SiteSummary {
  return { id: site.id, path: site.id, name: site.name, timeZone: site.timeZone };
}

function treeOf(site: Site, demo: boolean): TreeResponse {
  return {
    ...summaryOf(site),
    shifts: site.shifts.map(({ id, name, start, end }) => ({ id, name: name ?? id, start, end })),
    lines: site.lines.map(
      (line): LineNode => ({
        path: line.path,
        id: line.id,
        name: line.name,
        machines: line.machines.map((machine) => machineNode(machine, line.countedMachineIds, site.sources)),
      }),
    ),
    demo,
  };
}

function machineNode(machine: Machine, counted: readonly string[], sources: readonly SourceConfig[]): MachineNode {
  const source = sources.find(({ id }) => id === machine.source);
  return {
    path: machine.path,
    id: machine.id,
    name: machine.name,
    model: machine.model,
    protocol: source?.protocol ?? 'unknown',
    endpoint: endpointOf(source),
    hasOee: machine.state !== undefined,
    counted: machine.state !== undefined && counted.includes(machine.id),
    idealCycleSeconds: machine.idealCycleSeconds ?? null,
    stalenessSeconds: machine.stalenessSeconds,
    products: machine.products.map(({ code, name, idealCycleSeconds }) => {
      return { code: String(code), name: name ?? String(code), idealCycleSeconds };
    }),
    sensors: machine.sensors.map(({ id, name, type, unit, minimum, maximum }) => ({
      path: `${machine.path}/${id}`,
      id,
      name: name ?? id,
      type,
      unit: unit ?? null,
      minimum: minimum ?? null,
      maximum: maximum ?? null,
    })),
  };
}

function endpointOf(source: SourceConfig | undefined): string {
  if (source === undefined) return '';
  return source.protocol === 'opcua' ? source.endpointUrl : `${source.host}:${source.port}, unit ${source.unitId}`;
}
