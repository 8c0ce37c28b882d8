import { customResource } from '../shared/custom-resource.ts';
import { guardPhase } from './guard.ts';

/** Answers CloudFormation whether the site may go to the phase of this deployment. */
export const handler = customResource(guardPhase);
