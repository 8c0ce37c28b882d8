import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The id of cdk-nag's finding that a permission is for a resource with a `*` in it, as an acknowledgement names it. What only
 * CloudFormation knows (the account, say, of a site that names none) stands in angle brackets, as cdk-nag writes it.
 */
export function wildcardResource(at: IConstruct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${flatText(Stack.of(at).resolve(resource))}]`;
}

function flatText(part: unknown): string {
  if (typeof part === 'string') return part;
  const [name, value] = Object.entries(part as Readonly<Record<string, unknown>>)[0] ?? ['', ''];
  if (name === 'Fn::Join' && Array.isArray(value)) return (value[1] as readonly unknown[]).map(flatText).join('');
  if (name === 'Fn::GetAtt' && Array.isArray(value)) return `<${value.join('.')}>`;
  return `<${String(value)}>`;
}
