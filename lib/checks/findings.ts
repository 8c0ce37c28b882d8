import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that a check of the synthesized templates found. */
export interface Finding {
  /** The plugin and its rule, e.g. `AwsSolutions-S1`; what an acknowledgement names. */
  readonly rule: string;
  readonly description: string;
  readonly severity: string;
  /** The construct, e.g. `demo/Foundation/AccessLogs/Resource`. */
  readonly constructPath: string;
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly severity?: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/**
 * What the checks of an app found, by the report that CDK leaves in its output folder; warnings count too, since CDK's own
 * validator only warns of a value that CloudFormation refuses (W3030). Acknowledged findings are not in the report; that an
 * API of the CDK is deprecated says nothing of the template, and is no finding.
 */
export function findingsIn(assemblyFolder: string): Finding[] {
  const file = join(assemblyFolder, 'validation-report.json');
  if (!existsSync(file)) return [];
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as ValidationReport;
  return pluginReports.flatMap(({ violations }) =>
    violations.filter(isOfTheTemplate).flatMap(({ ruleName, description, severity, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        rule: ruleName,
        description,
        severity: severity ?? 'error',
        constructPath: constructPath ?? '',
      })),
    ),
  );
}

/** Whether a finding is about what is deployed, and not about the CDK's own future. */
function isOfTheTemplate({ ruleName }: { readonly ruleName: string }): boolean {
  return !/(^|::)Deprecated:/.test(ruleName);
}

/** A finding as one line. */
export function findingText({ rule, description, constructPath }: Finding): string {
  // cdk-nag lists all controls behind a rule: RULES.md of cdk-nag has them.
  return `${constructPath}: ${rule}: ${description.replace(/ - \(Control IDs:.*$/s, '.')}`;
}
