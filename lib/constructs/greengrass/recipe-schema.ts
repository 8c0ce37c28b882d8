import { z } from 'zod';

/**
 * Greengrass' component recipes, format 2020-01-25, as far as we use it. Keys are case-sensitive, and Greengrass passes over what
 * it does not know: a `Run` for a `run` would be a component that does nothing. Hence strict objects everywhere.
 */

/** One step of a component's life; Greengrass also takes a bare script, which we don't write. */
const stepSchema = z.strictObject({
  Script: z.string().min(1),
  RequiresPrivilege: z.boolean().optional(),
  Skipif: z.string().optional(),
  Timeout: z.int().positive().optional(),
  Setenv: z.record(z.string(), z.string()).optional(),
});

/** Lower case but for Setenv; `run` and `startup` exclude each other. */
const lifecycleSchema = z
  .strictObject({
    Setenv: z.record(z.string(), z.string()).optional(),
    install: stepSchema.optional(),
    run: stepSchema.optional(),
    startup: stepSchema.optional(),
    shutdown: stepSchema.optional(),
    recover: stepSchema.optional(),
    bootstrap: stepSchema.optional(),
    uninstall: stepSchema.optional(),
  })
  .refine(({ run, startup }) => run === undefined || startup === undefined, 'can have run or startup, not both');

const whoSchema = z.enum(['NONE', 'OWNER', 'ALL']);

const artifactSchema = z.strictObject({
  URI: z.string().regex(/^s3:\/\/[^/]+\/.+$/, 'must be s3://bucket/key'),
  Unarchive: z.enum(['NONE', 'ZIP']),
  Permission: z.strictObject({ Read: whoSchema, Execute: whoSchema }),
});

const manifestSchema = z.strictObject({
  Platform: z.strictObject({ os: z.literal('linux'), architecture: z.enum(['amd64', 'aarch64']) }),
  Lifecycle: lifecycleSchema,
  Artifacts: z.array(artifactSchema).min(1),
});

/** A version of Semantic Versioning without pre-release and build. */
export const COMPONENT_VERSION_PATTERN = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/;

export const recipeSchema = z.strictObject({
  RecipeFormatVersion: z.literal('2020-01-25'),
  ComponentName: z
    .string()
    .max(128)
    .regex(/^[a-zA-Z0-9-_.]+$/, 'must be letters, digits, hyphens, underscores and periods'),
  ComponentVersion: z.string().regex(COMPONENT_VERSION_PATTERN, 'must be major.minor.patch'),
  ComponentType: z.literal('aws.greengrass.generic'),
  ComponentDescription: z.string().min(1),
  ComponentPublisher: z.string().min(1),
  ComponentConfiguration: z.strictObject({ DefaultConfiguration: z.record(z.string(), z.unknown()) }).optional(),
  ComponentDependencies: z
    .record(
      z.string(),
      z.strictObject({ VersionRequirement: z.string().min(1), DependencyType: z.enum(['HARD', 'SOFT']) }),
    )
    .optional(),
  Manifests: z.array(manifestSchema).min(1),
});

export type Recipe = z.output<typeof recipeSchema>;
