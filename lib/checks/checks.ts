import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { PlantbridgeChecks } from './plantbridge-checks.ts';

/**
 * Adds everything that must hold for a deployment to an app: cdk-nag's AWS Solutions and NIST 800-53 r5, and our own rules.
 * CDK's own validator runs by itself (cdk.json). docs/checks.md says how to read what they find.
 */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app), new PlantbridgeChecks());
}
