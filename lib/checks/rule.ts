import { type JsonObject, shown } from './json.ts';

/** A synthesized stack as the checks see it: its template, as CloudFormation gets it. */
export interface CheckedStack {
  /** Path of the construct, e.g. `demo/Ingest`. */
  readonly path: string;
  /** `aws://<account>/<region>`: what must be unique in an account and Region is compared within. */
  readonly environment: string;
  /** The template's file, bytes. */
  readonly sizeBytes: number;
  readonly resources: readonly CheckedResource[];
}

/** A resource of a template. */
export interface CheckedResource {
  readonly stack: CheckedStack;
  readonly logicalId: string;
  /** E.g. `AWS::SQS::Queue`. */
  readonly type: string;
  readonly properties: JsonObject;
}

/** What is wrong at one place. */
export interface Fault {
  /** The place in the resource's properties: `AssetModelProperties[2].Type`. Empty: the resource itself. */
  readonly at: string;
  /** What must hold, as it follows on the place: `must be a string`. */
  readonly text: string;
}

/** A fault with the resource that has it, or the stack as a whole. */
export interface LocatedFault extends Fault {
  readonly stack: CheckedStack;
  readonly resource?: CheckedResource;
}

/** One rule for templates. */
export interface CheckRule {
  /** What an acknowledgement names: `Plantbridge-<what>`. */
  readonly id: string;
  /** What it asks for, in a sentence for docs/checks.md. */
  readonly asks: string;
  /** The faults of all stacks of an app; what goes across stacks is seen as well. */
  faults(stacks: readonly CheckedStack[]): Iterable<LocatedFault>;
}

/** A rule that looks at each resource of some types by itself. */
export function resourceRule(
  id: string,
  asks: string,
  types: readonly string[],
  faultsOf: (resource: CheckedResource) => Iterable<Fault>,
): CheckRule {
  return {
    id,
    asks,
    *faults(stacks) {
      for (const resource of resourcesOfTypes(stacks, types))
        for (const fault of faultsOf(resource)) yield { ...fault, stack: resource.stack, resource };
    },
  };
}

/** The resources of some types in all stacks. */
export function* resourcesOfTypes(
  stacks: readonly CheckedStack[],
  types: readonly string[],
): Generator<CheckedResource> {
  for (const stack of stacks) for (const resource of stack.resources) if (types.includes(resource.type)) yield resource;
}

/** What is wrong, what was got, and the likely fix where it is not plain. */
export function mustBe(at: string, allowed: string, got: unknown, fix?: string): Fault {
  return { at, text: `must be ${allowed}, got: ${shown(got)}${fix === undefined ? '' : `. ${fix}`}` };
}
