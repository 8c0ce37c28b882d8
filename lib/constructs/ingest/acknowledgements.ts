import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { wildcardResource } from '../../checks/finding-ids.ts';
import type { BulkImport } from './bulk-import.ts';
import type { LiveStream } from './live-stream.ts';

/** Findings of cdk-nag that a {@link LiveStream} accepts, and why. */
export function acknowledgeLiveStream(stream: LiveStream): void {
  Validations.of(stream).acknowledge({
    id: 'AwsSolutions-KDS3',
    reason: "The rule asks for AWS's own key to save money. The site's own key can be audited, and taken away.",
  });
}

/** Findings of cdk-nag that a role accepts which writes to SiteWise, and why. */
export function acknowledgeSiteWiseValues(at: IConstruct): void {
  const stack = Stack.of(at);
  for (const resource of ['asset', 'time-series']) {
    Validations.of(at).acknowledge({
      id: wildcardResource(at, `arn:${stack.partition}:iotsitewise:${stack.region}:${stack.account}:${resource}/*`),
      reason:
        'Values are written by alias. Ids of assets and data streams are made by SiteWise, for lines that come and go without this stack.',
    });
  }
}

/** Findings of cdk-nag that a {@link BulkImport} accepts, and why. */
export function acknowledgeBulkImport(bulkImport: BulkImport): void {
  Validations.of(bulkImport).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'iotsitewise:CreateBulkImportJob has no resources: a job has no ARN before it exists.',
  });
}
