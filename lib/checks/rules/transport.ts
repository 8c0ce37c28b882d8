import { listOf, objectOf, shown } from '../json.ts';
import { type CheckedResource, type CheckedStack, type CheckRule, mustBe, resourcesOfTypes } from '../rule.ts';

/** The policies that a stack attaches to buckets and their like, by the logical id they name. */
function policiesOf(stack: CheckedStack, type: string, key: string): Map<string, CheckedResource[]> {
  const found = new Map<string, CheckedResource[]>();
  for (const resource of resourcesOfTypes([stack], [type]))
    for (const target of listOf(resource.properties[key])) {
      const id = String(objectOf(target).Ref ?? target);
      found.set(id, [...(found.get(id) ?? []), resource]);
    }
  return found;
}

/** Whether a policy refuses whatever does not come over TLS. */
function asksForTls({ properties }: CheckedResource): boolean {
  return listOf(objectOf(properties.PolicyDocument).Statement)
    .map(objectOf)
    .some(
      ({ Effect, Condition }) =>
        Effect === 'Deny' && String(objectOf(objectOf(Condition).Bool)['aws:SecureTransport']) === 'false',
    );
}

const POLICIES = [
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
] as const;

/** Transport is encrypted, and access to data is written down. */
export const TRANSPORT_RULES: readonly CheckRule[] = [
  {
    id: 'Plantbridge-TlsOnly',
    asks: 'Buckets, queues and topics refuse what does not come over TLS.',
    *faults(stacks) {
      for (const [type, policyType, key] of POLICIES)
        for (const stack of stacks) {
          const policies = policiesOf(stack, policyType, key);
          for (const resource of resourcesOfTypes([stack], [type]))
            if (!(policies.get(resource.logicalId) ?? []).some(asksForTls))
              yield {
                at: '',
                stack,
                resource,
                text: `must have a policy that denies aws:SecureTransport false, got: ${shown(policies.get(resource.logicalId)?.length ?? 0)} policies without it. Use enforceSSL`,
              };
        }
    },
  },
  {
    id: 'Plantbridge-AccessLogs',
    asks: 'Buckets write access logs.',
    *faults(stacks) {
      for (const resource of resourcesOfTypes(stacks, ['AWS::S3::Bucket']))
        if (resource.properties.LoggingConfiguration === undefined)
          yield {
            ...mustBe('LoggingConfiguration', 'the bucket for access logs', undefined, 'Use serverAccessLogsBucket'),
            stack: resource.stack,
            resource,
          };
    },
  },
];
