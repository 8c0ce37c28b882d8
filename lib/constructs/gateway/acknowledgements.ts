import { Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeOwnPolicy, acknowledgeResources } from '../acknowledge.ts';
import type { SiteFunction } from '../functions/site-function.ts';

/** Findings of cdk-nag that a `TokenExchangeRole` accepts, and why. */
export function acknowledgeTokenExchangeRole(role: Role, connections: string, stateTopics: readonly string[]): void {
  acknowledgeOwnPolicy(role);
  acknowledgeResources(
    role,
    [connections],
    'Client ids of the cloud link: the thing, "#" and a number for each connection. No other thing has a name with "#".',
  );
  acknowledgeResources(role, stateTopics, 'Below the topic of its own thing, a level for each machine follows.');
}

/** Findings of cdk-nag that a role which writes `GatewayLogs` accepts, and why. */
export function acknowledgeLogWriter(writer: IConstruct, groups: readonly string[], streams: readonly string[]): void {
  acknowledgeResources(writer, groups, 'The form that CloudWatch Logs gives to the ARN of a log group itself.');
  acknowledgeResources(
    writer,
    streams,
    "The day in the name of a stream; the stream's end is the gateway's own thing.",
  );
}

/** Findings of cdk-nag that the provisioning role of a `GatewayEnrolment` accepts, and why. */
export function acknowledgeProvisioningRole(role: Role, certificates: string): void {
  acknowledgeOwnPolicy(role);
  acknowledgeResources(
    role,
    [certificates],
    'The certificate is made while the device enrols: its id is not known before. Only AWS IoT assumes the role, for this account.',
  );
  acknowledgeResources(role, ['*'], 'iot:RegisterThing and iot:ListPrincipalPolicies have no resources.');
}

/** Findings of cdk-nag that the table of used serial numbers accepts, and why. */
export function acknowledgeUsedSerialNumbers(table: Table): void {
  Validations.of(table).acknowledge({
    id: 'NIST.800.53.R5-DynamoDBInBackupPlan',
    reason:
      'Point-in-time recovery restores the table to any second of the last 35 days; it grows by an item a device, and older states hold nothing else.',
  });
}

/** What our own checks find at the enrolment hook, and why it is right. */
export function acknowledgeHook(hook: SiteFunction): void {
  Validations.of(hook).acknowledge({
    id: 'Plantbridge-DeadLetters',
    reason:
      'AWS IoT calls a pre-provisioning hook synchronously and waits five seconds for its answer: a call that fails provisions nothing, and the device sees it at once.',
  });
}
