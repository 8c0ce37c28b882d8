/** The properties of the custom resource that guards a site's phase, as CloudFormation passes them on: all are text. */
export interface PhaseGuardProperties {
  /** The id of the site, for messages. */
  readonly SiteId: string;
  /** The phase that the deployment brings: `pilot`, `production`, ... */
  readonly Phase: string;
  /** `true` or `false`: whether this deployment may go back to an earlier phase. */
  readonly PhaseDownAllowed: string;
}

/** The type of the custom resource. */
export const PHASE_GUARD_TYPE = 'Custom::PlantbridgePhase';
