import { CfnAsset } from 'aws-cdk-lib/aws-iotsitewise';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { COUNTED_HIERARCHY, MACHINES_HIERARCHY, SENSORS_HIERARCHY } from '../../../core/asset-model/machine-models.ts';
import type { AssetModel } from '../../../core/asset-model/model.ts';
import type { SensorConfig } from '../../../core/site/schema.ts';
import type { Line, Machine } from '../../../core/site/site.ts';
import type { AssetAttribute } from '../../../lambda/asset-attributes/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { assetRemovalPolicy } from '../../removal.ts';
import { AssetAttributes } from './asset-attributes.ts';
import { type DataStream, machineStreams, sensorStreams } from './data-streams.ts';
import { sitewiseSensors } from './deployed-machines.ts';
import { assetName } from './display-names.ts';
import { machineAttributes } from './machine-attributes.ts';
import { notifiedSignals } from './notified-signals.ts';
import { type SiteModels, siteModels } from './site-models.ts';

/** What a line's assets are made for. */
export interface LineAssetsProps {
  readonly deployment: Deployment;
  readonly line: Line;
  /** Writes what CloudFormation cannot: needed where machines have attributes, see `machineAttributes`. */
  readonly attributeWriter: IFunction | undefined;
}

/**
 * The assets of a line: itself, its machines, and their sensors with `sitewise: true`. Each construct's id ends in its model's, so
 * that another model makes another asset: SiteWise cannot change an asset's model.
 */
export class LineAssets extends Construct {
  readonly line: CfnAsset;
  /** By machine id, in the order of the site file. */
  readonly machines: ReadonlyMap<string, CfnAsset>;
  readonly #deployment: Deployment;
  readonly #models: SiteModels;

  constructor(scope: Construct, id: string, { deployment, line, attributeWriter }: LineAssetsProps) {
    super(scope, id);
    this.#deployment = deployment;
    this.#models = siteModels(deployment);
    const machineScope = new Construct(this, 'Machines');
    this.machines = new Map(
      line.machines.map((machine) => [machine.id, this.#machine(new Construct(machineScope, machine.id), machine)]),
    );
    this.line = this.#asset(this, this.#models.line(line), {
      name: line.name,
      path: line.path,
      hierarchies: [
        ...this.#children(
          MACHINES_HIERARCHY,
          line.machines.map((machine) => machine.id),
        ),
        ...this.#children(COUNTED_HIERARCHY, line.countedMachineIds),
      ],
    });
    const attributes = line.machines.flatMap((machine) => this.#attributes(machine));
    if (attributeWriter !== undefined && attributes.length > 0)
      new AssetAttributes(this, 'Attributes', { writer: attributeWriter, attributes });
  }

  #attributes(machine: Machine): AssetAttribute[] {
    const asset = this.machines.get(machine.id);
    const { names } = this.#deployment;
    return machineAttributes(this.#deployment, machine).map(({ property, value }) => ({
      assetId: asset?.ref ?? '',
      propertyExternalId: names.externalId('model', machine.model, property),
      value: String(value),
    }));
  }

  #children(logicalId: string, machineIds: readonly string[]): CfnAsset.AssetHierarchyProperty[] {
    return machineIds.flatMap((id) => {
      const child = this.machines.get(id);
      return child === undefined ? [] : [{ logicalId, childAssetId: child.ref }];
    });
  }

  #machine(scope: Construct, machine: Machine): CfnAsset {
    const notified = notifiedSignals(machine);
    const sensorScope = new Construct(scope, 'Sensors');
    const sensors = sitewiseSensors(machine).map((sensor) =>
      this.#sensor(new Construct(sensorScope, sensor.id), machine, sensor, notified),
    );
    const model = this.#models.machine(machine);
    return this.#asset(scope, model, {
      name: machine.name,
      path: machine.path,
      properties: machineStreams(this.#deployment, machine, model).map((stream) =>
        propertyOf(stream, notified.has(stream.property.signal)),
      ),
      hierarchies: sensors.map((sensor) => ({ logicalId: SENSORS_HIERARCHY, childAssetId: sensor.ref })),
    });
  }

  #sensor(scope: Construct, machine: Machine, sensor: SensorConfig, notified: ReadonlySet<string>): CfnAsset {
    const model = this.#models.sensor(machine);
    return this.#asset(scope, model, {
      name: sensor.name ?? sensor.id,
      path: `${machine.path}/${sensor.id}`,
      properties: sensorStreams(this.#deployment, machine, sensor, model).map((stream) => ({
        ...propertyOf(stream, notified.has(sensor.id)),
        ...(sensor.unit !== undefined && { unit: sensor.unit }),
      })),
    });
  }

  #asset(scope: Construct, model: AssetModel, about: AssetAbout): CfnAsset {
    const { names } = this.#deployment;
    const [, ...ids] = about.path.split('/');
    const asset = new CfnAsset(scope, model.id, {
      assetName: assetName(about.name, about.path),
      assetExternalId: names.externalId('asset', ...ids),
      assetModelId: `externalId:${names.externalId('model', model.id)}`,
      ...(about.properties !== undefined && { assetProperties: about.properties }),
      ...(about.hierarchies !== undefined && { assetHierarchies: about.hierarchies }),
    });
    asset.applyRemovalPolicy(assetRemovalPolicy(this.#deployment));
    return asset;
  }
}

interface AssetAbout {
  readonly name: string;
  /** From the site's id on; makes the external id. */
  readonly path: string;
  readonly properties?: CfnAsset.AssetPropertyProperty[];
  readonly hierarchies?: CfnAsset.AssetHierarchyProperty[];
}

/** Without a state of notification it is DISABLED. */
function propertyOf({ property, alias }: DataStream, isNotified: boolean): CfnAsset.AssetPropertyProperty {
  return { logicalId: property.id, alias, ...(isNotified && { notificationState: 'ENABLED' }) };
}
