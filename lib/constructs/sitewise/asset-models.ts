import { CfnAssetModel } from 'aws-cdk-lib/aws-iotsitewise';
import { Construct } from 'constructs';
import type { AssetModel, AssetProperty } from '../../../core/asset-model/model.ts';
import type { Deployment } from '../../deployment.ts';
import { assetRemovalPolicy } from '../../removal.ts';
import { modelName } from './display-names.ts';
import { siteModels } from './site-models.ts';

/** What asset models are made for. */
export interface AssetModelsProps {
  readonly deployment: Deployment;
}

/**
 * The asset models of a site, each under its own id: `AWS::IoTSiteWise::AssetModel`, children before parents. Assets name them by
 * external id, so no stack refers to this one.
 * @throws SiteFileError for what SiteWise would refuse of the site file.
 */
export class AssetModels extends Construct {
  /** By model id. */
  readonly models: ReadonlyMap<string, CfnAssetModel>;

  constructor(scope: Construct, id: string, { deployment }: AssetModelsProps) {
    super(scope, id);
    const made = new Map<string, CfnAssetModel>();
    for (const model of siteModels(deployment).models.values()) {
      const externalId = (...ids: string[]) => deployment.names.externalId('model', model.id, ...ids);
      const resource = new CfnAssetModel(this, model.id, {
        assetModelName: modelName(model.name, deployment.site.id),
        assetModelExternalId: externalId(),
        ...(model.description !== '' && { assetModelDescription: model.description }),
        assetModelProperties: [...model.properties.values()].map((property) => ({
          logicalId: property.id,
          externalId: externalId(property.id),
          name: property.name,
          dataType: property.dataType,
          ...(property.unit !== undefined && { unit: property.unit }),
          type: propertyType(property),
        })),
        assetModelHierarchies: hierarchiesOf(model, made, externalId),
      });
      resource.applyRemovalPolicy(assetRemovalPolicy(deployment));
      made.set(model.id, resource);
    }
    this.models = made;
  }
}

/** Children are there already: the reference makes CloudFormation create them before their parents. */
function hierarchiesOf(
  model: AssetModel,
  made: ReadonlyMap<string, CfnAssetModel>,
  externalId: (id: string) => string,
): CfnAssetModel.AssetModelHierarchyProperty[] {
  return [...model.hierarchies.values()].map(({ id, name, child }) => {
    const childModel = made.get(child);
    if (childModel === undefined) throw new Error(`The model ${model.id} comes before its child ${child}.`);
    return { logicalId: id, externalId: externalId(id), name, childAssetModelId: childModel.ref };
  });
}

/** The type's name exactly as SiteWise writes it; a measurement has nothing beside it. */
function propertyType(property: AssetProperty): CfnAssetModel.PropertyTypeProperty {
  const { type: typeName } = property;
  switch (property.type) {
    case 'Attribute':
      return { typeName, ...(property.default !== undefined && { attribute: { defaultValue: property.default } }) };
    case 'Measurement':
      return { typeName };
    case 'Transform':
      return { typeName, transform: { expression: property.expression, variables: variablesOf(property) } };
    case 'Metric': {
      const { window: interval, offset } = property;
      const tumbling = { interval, ...(offset !== undefined && { offset }) };
      const metric = { expression: property.expression, variables: variablesOf(property), window: { tumbling } };
      return { typeName, metric };
    }
  }
}

function variablesOf({
  variables,
}: Extract<AssetProperty, { expression: string }>): CfnAssetModel.ExpressionVariableProperty[] {
  return [...variables].map(([name, { property, hierarchy }]) => ({
    name,
    value: { propertyLogicalId: property, ...(hierarchy !== undefined && { hierarchyLogicalId: hierarchy }) },
  }));
}
