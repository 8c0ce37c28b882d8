import { hasReached, PHASES, type Phase } from '../../core/site/roadmap.ts';
import type { CustomResourceEvent, CustomResourceResult } from '../shared/custom-resource.ts';
import type { PhaseGuardProperties } from './contract.ts';

/**
 * Lets a site go up its roadmap, and down only where the deployment says so. The deployed phase is the one that CloudFormation
 * knows from before: a stack that is made anew begins anew, and one that is removed goes in any phase.
 * @throws Error for whoever deploys, naming the flag.
 */
export async function guardPhase(event: CustomResourceEvent): Promise<CustomResourceResult> {
  const { SiteId: siteId, Phase: phase, PhaseDownAllowed: allowed } = propertiesOf(event.ResourceProperties);
  const result = { physicalResourceId: `phase-of-${siteId}` };
  if (event.RequestType !== 'Update') return result;
  const before = event.OldResourceProperties?.Phase;
  // A phase that this version does not know is none to compare with.
  if (!isPhase(before) || !isPhase(phase) || hasReached(phase, before) || allowed === 'true') return result;
  throw new Error(
    `Site ${siteId} is deployed in phase ${before}, and this deployment would take it back to phase ${phase}. ` +
      `If that is meant, deploy again with -c allow-phase-down=${siteId}; ` +
      `otherwise set phase: ${before} in the site file.`,
  );
}

function isPhase(phase: unknown): phase is Phase {
  return PHASES.some((known) => known === phase);
}

function propertiesOf(properties: CustomResourceEvent['ResourceProperties']): PhaseGuardProperties {
  const text = (name: keyof PhaseGuardProperties): string => {
    const value = properties[name];
    if (typeof value !== 'string') throw new Error(`The property ${name} of the phase guard is missing.`);
    return value;
  };
  return { SiteId: text('SiteId'), Phase: text('Phase'), PhaseDownAllowed: text('PhaseDownAllowed') };
}
