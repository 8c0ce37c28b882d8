import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';

/** AWS's own rule groups, in the order in which they are asked. */
const MANAGED_RULE_GROUPS = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  // Also refuses bodies over 8 KB: MOST_BODY_BYTES of core/mes.
  'AWSManagedRulesCommonRuleSet',
] as const;

/** The window in which requests of an address are counted. */
const WINDOW_SECONDS = 300;
/** How long it is known what was refused: as long as access logs are kept. */
const LOG_RETENTION = RetentionDays.THIRTEEN_MONTHS;

/** What an {@link ApiFirewall} is made of. */
export interface ApiFirewallProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** The stage of the API that it stands before. */
  readonly stageArn: string;
  /** The most requests a second of one address, on average. */
  readonly requestsPerSecond: number;
}

/** AWS WAF before an API: AWS's managed rules, and a limit for each address; everything it refuses is logged. */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, props: ApiFirewallProps) {
    super(scope, id);
    const { prefix } = props.deployment.names;
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      description: `Firewall of the MES API of ${prefix}`,
      defaultAction: { allow: {} },
      rules: [
        ...MANAGED_RULE_GROUPS.map((name, priority) => managedRule(name, priority)),
        {
          name: 'RequestsOfOneAddress',
          priority: MANAGED_RULE_GROUPS.length,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              evaluationWindowSec: WINDOW_SECONDS,
              // WAF counts ten at least.
              limit: Math.max(10, props.requestsPerSecond * WINDOW_SECONDS),
            },
          },
          visibilityConfig: visibility('RequestsOfOneAddress'),
        },
      ],
      visibilityConfig: visibility(`${prefix}-mes`),
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: props.stageArn, webAclArn: acl.attrArn });
    this.#log(acl, props);
  }

  #log(acl: CfnWebACL, { deployment, key }: ApiFirewallProps): void {
    const stack = Stack.of(this);
    // WAF writes only to groups that begin so; the stack's own id makes the name new with each new stack, since the logs of
    // a removed one stay.
    const stackId = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', stack.stackId))));
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `aws-waf-logs-${deployment.names.prefix}-mes-${stackId}`,
      encryptionKey: key,
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // Without the ":*" that CloudFormation gives.
      logDestinationConfigs: [
        `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${logs.logGroupName}`,
      ],
      // The signature of a request, which could be sent again for some minutes.
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'x-amz-security-token' } }],
      // What was let through stands in the API's access logs.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
    });
  }
}

function managedRule(name: (typeof MANAGED_RULE_GROUPS)[number], priority: number): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        // A MES is a program, and many programs send no user agent.
        ...(name === 'AWSManagedRulesCommonRuleSet' && {
          ruleActionOverrides: [{ name: 'NoUserAgent_HEADER', actionToUse: { count: {} } }],
        }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  // Samples show requests in the console, headers and all: the logs leave out what is secret.
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
