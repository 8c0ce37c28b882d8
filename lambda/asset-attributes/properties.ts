import { z } from 'zod';
import type { AssetAttributesProperties } from './contract.ts';

const propertiesSchema: z.ZodType<AssetAttributesProperties> = z.object({
  attributes: z
    .array(
      z.object({
        assetId: z.string().min(1),
        propertyExternalId: z.string().min(1),
        value: z.string().refine((text) => text.trim() !== '' && Number.isFinite(Number(text)), 'is no number'),
      }),
    )
    .default([]),
});

/**
 * The properties of the custom resource, as CloudFormation sends them.
 * @throws Error that says what is wrong with them.
 */
export function parseProperties(properties: unknown): AssetAttributesProperties {
  const result = propertiesSchema.safeParse(properties);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`The properties are not those of asset attributes: ${faults.join('; ')}`);
}
