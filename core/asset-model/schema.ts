import { z } from 'zod';
import { idSchema } from '../site/basic-schema.ts';

/** Id of a property, and its logical id in CloudFormation; `{window}` stands for the window where there is one. */
const propertyId = z
  .string()
  .max(64)
  .regex(
    /^[a-z][a-z0-9_]*(\{window\})?$/,
    'must be lower-case letters, digits and "_", starting with a letter, e.g. "run_s" or "run_{window}"',
  );
/** Id of a hierarchy, and its logical id. */
const hierarchyId = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and "_", starting with a letter');
const displayName = z.string().min(1).max(256);
const dataType = z.enum(['DOUBLE', 'INTEGER', 'STRING', 'BOOLEAN']);

const common = {
  id: propertyId,
  /** Unique within the model; changing it loses nothing, changing the id loses the data. */
  name: displayName,
  dataType,
  unit: z.string().min(1).max(256).optional(),
};

/** An input of an expression: a property of the same asset, or one of the children of a hierarchy. */
const variable = z.union([propertyId, z.strictObject({ property: propertyId, hierarchy: hierarchyId.optional() })]);

const computed = {
  ...common,
  expression: z.string().min(1),
  /** Variable of the expression -> property id. */
  variables: z.record(z.string(), variable),
};

const attribute = z.strictObject({ ...common, type: z.literal('Attribute'), default: z.string().optional() });
const measurement = z.strictObject({
  ...common,
  type: z.literal('Measurement'),
  /** The signal under the asset's path; `.` is the asset's own path. @default the id with "-" for "_" */
  signal: z.string().min(1).optional(),
});
const transform = z.strictObject({ ...computed, type: z.literal('Transform') });
const metric = z.strictObject({
  ...computed,
  type: z.literal('Metric'),
  /** Tumbling window, e.g. `15m`; `{window}` makes one property a window of the model. */
  window: z.string().min(1),
  /** Shift of the window against UTC midnight, e.g. `6h`. */
  offset: z.string().min(1).optional(),
});

/** A property; `type` is exactly one of SiteWise's four type names. */
export const propertySchema = z.discriminatedUnion('type', [attribute, measurement, transform, metric]);

/** A hierarchy: assets of one of the `children` models below an asset of this one. */
const hierarchy = z.strictObject({
  id: hierarchyId,
  name: displayName,
  /** Models that may be the child; a deployed model has exactly one of them. */
  children: z.array(idSchema).min(1),
});

/** An asset model as a YAML file in assets/asset-models. Strict: a misspelt key is a fault. */
export const assetModelSchema = z.strictObject({
  version: z.literal(1),
  id: idSchema,
  name: displayName,
  description: z.string().max(2048).default(''),
  /** What `{window}` stands for, one property each. */
  windows: z.array(z.string().min(1)).default([]),
  properties: z.array(propertySchema).min(1),
  hierarchies: z.array(hierarchy).default([]),
  /** Variants: properties that are added to the model, or take the place of the one with the same id. */
  options: z.record(idSchema, z.strictObject({ properties: z.array(propertySchema).min(1) })).default({}),
});

export type AssetModelDefinition = z.output<typeof assetModelSchema>;
export type PropertyDefinition = z.output<typeof propertySchema>;
export type HierarchyDefinition = z.output<typeof hierarchy>;
