/** The type of the custom resource in a line's stack. */
export const ASSET_ATTRIBUTES_TYPE = 'Custom::PlantbridgeAssetAttributes';

/** A value of an attribute, which CloudFormation itself cannot set. */
export interface AssetAttribute {
  /** The asset's id (UUID). */
  readonly assetId: string;
  /** The external id of the attribute in the asset's model. */
  readonly propertyExternalId: string;
  /** A number as text: CloudFormation makes texts of all properties. */
  readonly value: string;
}

/** Properties of the custom resource. */
export interface AssetAttributesProperties {
  readonly attributes: readonly AssetAttribute[];
}
