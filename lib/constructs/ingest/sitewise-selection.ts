import { instantiateModels } from '../../../core/asset-model/model.ts';
import { isAggregateSignal } from '../../../core/telemetry/residency.ts';
import type { DataType } from '../../../core/telemetry/types.ts';
import type { SiteWiseSelection } from '../../../lambda/normalize/contract.ts';
import type { Deployment } from '../../deployment.ts';

/** The model of a sensor's asset, and its property that takes the values. */
const SENSOR_MODEL = 'sensor';
/** Published alone, by a rule of its own. */
const STATE_SIGNAL = 'state';

/**
 * What goes to SiteWise of what gateways send: the inputs of the machines' models, and sensors that are marked `sitewise: true`; of the lines that
 * are deployed, since a value of anything else would make a new, billed data stream without an asset. With `residency: aggregates`, aggregates
 * alone. Each machine names the gateway that reads it. Machines of AWS's own collector are not among them: their values are in SiteWise already.
 */
export function siteWiseSelection(deployment: Deployment): SiteWiseSelection {
  const { names, site, scope, keepsRawValues } = deployment;
  const models = instantiateModels(deployment.models, { options: deployment.confirmsQuality ? ['mes'] : [] });
  const signalsOfModel: Record<string, Record<string, DataType>> = {};
  const machines: Record<string, SiteWiseSelection['machines'][string]> = {};
  const foreign = new Set(site.sources.flatMap(({ id, collector }) => (collector === 'sitewise-edge' ? [id] : [])));
  for (const machine of scope.lines.flatMap((line) => line.machines)) {
    if (foreign.has(machine.source)) continue;
    signalsOfModel[machine.model] ??= Object.fromEntries(
      inputsOf(models.get(machine.model)?.properties.values() ?? []).filter(
        ([signal]) => !keepsRawValues || isAggregateSignal(signal),
      ),
    );
    const type = inputsOf(models.get(SENSOR_MODEL)?.properties.values() ?? [])[0]?.[1] ?? 'DOUBLE';
    const sensors = machine.sensors
      .filter(({ sitewise }) => sitewise && !keepsRawValues)
      .map(({ id }): [string, DataType] => [id, type]);
    machines[machine.path] = {
      model: machine.model,
      gateway: names.gateway(machine.gatewayId),
      ...(sensors.length > 0 && { sensors: Object.fromEntries(sensors) }),
    };
  }
  return { signalsOfModel, machines };
}

type Property =
  ReturnType<typeof instantiateModels> extends ReadonlyMap<string, { properties: ReadonlyMap<string, infer P> }>
    ? P
    : never;

/** The measurements of a model: signal and data type. Structures are none of a gateway's values. */
function inputsOf(properties: Iterable<Property>): [string, DataType][] {
  return [...properties].flatMap((property): [string, DataType][] =>
    property.type === 'Measurement' && property.signal !== STATE_SIGNAL ? [[property.signal, property.dataType]] : [],
  );
}
