import { resourcesOf, type SynthesizedSite } from '../../../support/synth.ts';

/** Properties of a site's resources of a type on the Outpost. */
export function properties<Properties = Record<string, never>>(site: SynthesizedSite, type: string): Properties[] {
  return resourcesOf(site.json('OnPrem'), type).map(([, resource]) => (resource.Properties ?? {}) as Properties);
}

/** A container of a task definition. */
export interface Container {
  readonly Name: string;
  readonly Command?: readonly unknown[];
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: unknown }[];
  readonly LogConfiguration: { readonly LogDriver: string; readonly Options: Readonly<Record<string, unknown>> };
  readonly User: string;
  readonly MountPoints?: readonly unknown[];
}

/** A container on the Outpost by its name. */
export function container(site: SynthesizedSite, name: string): Container {
  const found = properties<{ ContainerDefinitions: Container[] }>(site, 'AWS::ECS::TaskDefinition')
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions)
    .find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`There is no container ${name}.`);
  return found;
}

/** A text of a template as it is deployed, with `?` for what CloudFormation fills in. */
export function filledIn(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return join === undefined ? '?' : join[1].map(filledIn).join(join[0]);
}
