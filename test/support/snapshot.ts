import { isIntrinsic, listOf, objectOf } from '../../lib/checks/json.ts';
import type { SynthesizedResource, SynthesizedTemplate } from './synth.ts';

/** The longest line of an outline; what a person would not read is cut. */
const WIDTH = 110;
/** Properties that say nothing of what is deployed. */
const PASSED_OVER = ['Tags', 'Code', 'Description'];

/**
 * A template as an outline to read and compare: a line each for a resource, a property and a permission. Hashes, versions and
 * assets are masked, so that only a change that somebody made shows.
 */
export function outlineOf(template: SynthesizedTemplate): string {
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) => ({
    name: masked(withoutHash(id)),
    resource,
  }));
  const blocks = resources
    .map(({ name, resource }) => [heading(name, resource), ...propertyLines(resource)].join('\n'))
    .toSorted();
  return blocks.join('\n');
}

function heading(name: string, { Type, DeletionPolicy }: SynthesizedResource): string {
  return `${name} (${Type.replace(/^AWS::/, '')}${DeletionPolicy === undefined ? '' : `, ${DeletionPolicy}`})`;
}

function* propertyLines({ Properties = {} }: SynthesizedResource): Generator<string> {
  for (const [key, value] of Object.entries(Properties)) {
    if (PASSED_OVER.includes(key)) continue;
    const statements = statementsIn(value);
    if (statements === undefined) yield cut(`  ${key}: ${shortly(value)}`);
    else {
      yield `  ${key}:`;
      for (const statement of statements) yield cut(`    ${statementText(statement)}`);
    }
  }
}

/** The statements of a policy document, or of a list of policies. */
function statementsIn(value: unknown): readonly unknown[] | undefined {
  const { Statement } = objectOf(value);
  if (Statement !== undefined) return listOf(Statement);
  const documents = listOf(value).map((item) => objectOf(item).PolicyDocument);
  if (documents.length === 0 || documents.includes(undefined)) return undefined;
  return documents.flatMap((document) => listOf(objectOf(document).Statement));
}

function statementText(statement: unknown): string {
  const { Effect, Action, Resource, Principal, Condition } = objectOf(statement);
  const parts = [
    Effect === 'Deny' ? 'deny' : 'allow',
    listOf(Action).map(shortly).join(' '),
    Resource === undefined ? '' : `on ${listOf(Resource).map(shortly).join(' ')}`,
    Principal === undefined ? '' : `for ${shortly(Principal)}`,
    Condition === undefined ? '' : `if ${shortly(Condition)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A value on one line: references as `@Id.Attribute`, texts without quotes. */
function shortly(value: unknown): string {
  if (typeof value === 'string') return masked(value);
  if (Array.isArray(value)) return `[${value.map(shortly).join(', ')}]`;
  if (isIntrinsic(value)) return intrinsicText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${masked(key)}: ${shortly(item)}`)
    .join(', ')}}`;
}

function intrinsicText(value: unknown): string {
  const [name = '', argument] = Object.entries(objectOf(value))[0] ?? [];
  if (name === 'Ref') return `@${withoutHash(String(argument))}`;
  if (name === 'Fn::GetAtt')
    return `@${listOf(argument)
      .map((part) => withoutHash(String(part)))
      .join('.')}`;
  if (name === 'Fn::Join') {
    const [separator, parts] = listOf(argument);
    return listOf(parts).map(shortly).join(String(separator));
  }
  if (name === 'Fn::GetStackOutput') {
    const { StackName, OutputName } = objectOf(argument);
    return `@${shortly(StackName)}/${withoutHash(shortly(OutputName))}`;
  }
  return `${name}(${listOf(argument).map(shortly).join(', ')})`;
}

/** What changes without anybody meaning it. */
function masked(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{32,64}\b/g, '<hash>')
    .replaceAll(/\b\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\b(?!\.)/g, '<version>')
    .replaceAll(/\s+/g, ' ');
}

/** A logical id without the hash that CDK puts after it, also within the name of an output. */
function withoutHash(id: string): string {
  return id.replaceAll(/[0-9A-F]{8}(?=$|[A-Z][a-z])/g, '');
}

function cut(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line;
}
