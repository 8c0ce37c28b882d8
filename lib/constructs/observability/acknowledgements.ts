import { Validations } from 'aws-cdk-lib';
import type { DataWatch } from './data-watch.ts';

/** Findings of cdk-nag that {@link DataWatch} accepts, and why. */
export function acknowledgeDataWatch(watch: DataWatch): void {
  Validations.of(watch).acknowledge();
}
