import { RemovalPolicy, Size } from 'aws-cdk-lib';
import { AwsLogDriverMode, type LogDriver, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Lines that wait for the service link: a container that is as chatty as the hub fills this in hours. */
const BUFFER = Size.mebibytes(25);

/** Where containers on the Outpost log to. */
export interface ContainerLogsProps {
  readonly key: IKey;
  /** Nothing that holds a raw value may leave the site. */
  readonly keepsRawValues: boolean;
}

/**
 * A log driver that never blocks a container, whatever the service link does: lines that find no room are dropped.
 *
 * Where raw values stay at home, so do the logs: the message of a database or of a device may repeat a value that it refuses.
 * They lie on the instance's encrypted disk then, the last 100 MB of each container.
 */
export function containerLogs(
  scope: Construct,
  prefix: string,
  { key, keepsRawValues }: ContainerLogsProps,
): LogDriver {
  if (keepsRawValues) return LogDrivers.jsonFile({ maxSize: '20m', maxFile: 5 });
  const logGroup = new LogGroup(scope, 'Logs', {
    encryptionKey: key,
    retention: RetentionDays.THREE_MONTHS,
    // What a removed service said tells why it was removed; it ends by itself.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return LogDrivers.awsLogs({
    logGroup,
    streamPrefix: prefix,
    mode: AwsLogDriverMode.NON_BLOCKING,
    maxBufferSize: BUFFER,
  });
}
