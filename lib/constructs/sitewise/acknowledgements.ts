import { Validations } from 'aws-cdk-lib';
import type { SiteFunction } from '../functions/site-function.ts';

/** Findings of cdk-nag that the writer of attributes accepts, and why. */
export function acknowledgeAttributeWriter(writer: SiteFunction): void {
  Validations.of(writer).acknowledge();
}
