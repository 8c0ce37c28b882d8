import { Validations } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';
import type { SiteFunction } from './site-function.ts';

/** Findings of cdk-nag that {@link SiteFunction} accepts, and why. */
export function acknowledgeSiteFunction(site: SiteFunction): void {
  Validations.of(site).acknowledge(
    {
      id: 'NIST.800.53.R5-LambdaInsideVPC',
      reason:
        'The function reaches only AWS APIs, each over TLS and by its own role; a VPC would add a network path to guard and protect nothing that is in one.',
    },
    {
      id: 'NIST.800.53.R5-LambdaConcurrency',
      reason:
        "Its callers bound its concurrency (shards of a stream, the API's throttle, one call a stack operation); a reservation would take from the account's pool for each site.",
    },
    {
      id: 'NIST.800.53.R5-LambdaDLQ',
      reason:
        'Each asynchronous caller has a failure destination of its own (on-failure destination of the event source, queue of the rule or notification); tests over the whole tree look for them.',
    },
    {
      id: 'NIST.800.53.R5-IAMNoInlinePolicy',
      reason:
        'The policies belong to the role of this one function, are made and removed with it, and nobody else may attach them.',
    },
  );
}

/** Findings of cdk-nag that the right of a {@link SiteFunction} to trace accepts, and why. */
export function acknowledgeTracing(policy: Policy): void {
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'AWS X-Ray has no resources to name for sending traces.',
  });
}
