import type { SQSEvent } from 'aws-lambda';
import { NotBuiltYet } from '../shared/not-built-yet.ts';

/**
 * Turns backlog batches into import jobs of SiteWise and rows of the lake. Until that is written every message goes back to its queue and at
 * last to the dead letters; the batches themselves stay in their bucket.
 * @throws NotBuiltYet always.
 */
export function handler(_event: SQSEvent): Promise<never> {
  return Promise.reject(new NotBuiltYet('The import of a backlog'));
}
