import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';

/*
 * Findings of cdk-nag and CDK's validator that the constructs on the Outpost accept, and why.
 */

const ONE_ZONE = {
  id: 'CloudFormation-Validate::W3010',
  reason: 'An Outpost is homed to one Availability Zone, and what lies on it must name that one: the site file does.',
};

const ROLE_POLICY = {
  id: 'NIST.800.53.R5-IAMNoInlinePolicy',
  reason: 'The policy is for this one role and lives and dies with it; a managed policy could be attached elsewhere.',
};

const NO_ROTATION =
  'A container reads its secrets when it starts. Rotation by a function would cut the hub off until its next start, and can do nothing while the service link is lost; docs/outpost.md says how to change one.';

const noRotation = [
  { id: 'AwsSolutions-SMG4', reason: NO_ROTATION },
  { id: 'NIST.800.53.R5-SecretsManagerRotationEnabled', reason: NO_ROTATION },
];

const TASK_ROLES = [
  ROLE_POLICY,
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken has no resource; what may be pulled and read is named.',
  },
  {
    id: 'AwsSolutions-ECS2',
    reason: 'Its environment says where things are (Region, host, folder); what is secret comes from Secrets Manager.',
  },
];

/** The VPC and its subnets, and the function of the CDK that empties its default security group. */
export function acknowledgeNetwork(scope: Construct): void {
  Validations.of(scope).acknowledge(ONE_ZONE, ROLE_POLICY);
  const provider = Stack.of(scope).node.tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
  if (provider !== undefined)
    Validations.of(provider).acknowledge({
      id: 'Plantbridge-Function',
      reason:
        "The CDK's own function, which it lets nobody set up: it runs once, when the VPC is made or removed, and sees no data.",
    });
}

/** EC2 instances of the ECS cluster. */
export function acknowledgeInstances(scope: Construct): void {
  Validations.of(scope).acknowledge(
    ROLE_POLICY,
    {
      id: 'AwsSolutions-IAM5[Action::ecs:Submit*]',
      reason: 'What the ECS agent reports (container, task and attachment state), on this cluster alone.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'ecs:DiscoverPollEndpoint and ecr:GetAuthorizationToken have no resource; all else is bound to this cluster.',
    },
    {
      id: 'AwsSolutions-AS3',
      reason: "The number of instances never changes; the service's own alarm tells when one is missed.",
    },
  );
}

/** The hub's service and token. */
export function acknowledgeHubService(scope: Construct): void {
  Validations.of(scope).acknowledge(...noRotation, ...TASK_ROLES);
}

/** RDS on Outposts. */
export function acknowledgeManagedHistorian(scope: Construct, deployment: Deployment): void {
  const oneInstance =
    'A second instance would have to be on a second Outpost, and would exclude backups on the Outpost; the gateways keep values until the database is back.';
  Validations.of(scope).acknowledge(
    ...noRotation,
    { id: 'AwsSolutions-RDS3', reason: oneInstance },
    { id: 'NIST.800.53.R5-RDSMultiAZSupport', reason: oneInstance },
    {
      id: 'AwsSolutions-RDS11',
      reason: 'Only the hub reaches the port, by its security group; another number would hide it from nobody else.',
    },
    {
      id: 'NIST.800.53.R5-RDSInBackupPlan',
      reason:
        'RDS makes daily backups itself, on the Outpost where that has S3; AWS Backup would copy them to the Region.',
    },
    {
      id: 'NIST.800.53.R5-RDSEnhancedMonitoringEnabled',
      reason:
        "The instance's own metrics show its load; metrics of its operating system each minute would show no more.",
    },
  );
  if (!deployment.keepsRawValues) return;
  const logsStay =
    'With residency aggregates logs stay on the Outpost: a message of PostgreSQL may repeat a raw value.';
  Validations.of(scope).acknowledge(
    { id: 'NIST.800.53.R5-RDSLoggingEnabled[LogExport::postgresql]', reason: logsStay },
    { id: 'NIST.800.53.R5-RDSLoggingEnabled[LogExport::upgrade]', reason: logsStay },
  );
}

/** PostgreSQL as a container: service and password. */
export function acknowledgeContainerHistorian(scope: Construct): void {
  Validations.of(scope).acknowledge(...noRotation, ...TASK_ROLES, {
    id: 'NIST.800.53.R5-ECSTaskDefinitionUserForHostMode',
    reason: 'Its containers run as user 999 and are not privileged, which is what the rule is about.',
  });
}

/** The rights of a historian's instance to attach its disks and address, and of its task to write backups. */
export function acknowledgeAttach(role: Construct, instancesArn: string): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${instancesArn}]`,
    reason:
      'An instance attaches disks to itself before anybody knows its id; a condition keeps it to those of this site.',
  });
}

/** The historian's disks. */
export function acknowledgeDisks(scope: Construct, deployment: Deployment): void {
  Validations.of(scope).acknowledge(ONE_ZONE);
  if (!deployment.keepsRawValues) return;
  Validations.of(scope).acknowledge({
    id: 'NIST.800.53.R5-EC2EBSInBackupPlan',
    reason:
      'With residency aggregates no copy of the values may leave the Outpost: dumps lie on a second disk and on S3 on Outposts.',
  });
}

/** The right to write below a prefix of the bucket on the Outpost. */
export function acknowledgePut(role: Construct, objectsOf: string): void {
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${objectsOf}]`,
    reason: 'Backups are named by their time; the role may write below this prefix alone, and neither read nor delete.',
  });
}

/** The service role of AWS Backup. */
export function acknowledgeRegionalBackups(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
    reason: 'What AWS Backup needs for snapshots of disks is for AWS to say, and changes with it.',
  });
}

/** The load balancer. */
export function acknowledgeLoadBalancer(scope: Construct): void {
  Validations.of(scope).acknowledge(
    {
      id: 'CloudFormation-Validate::E3680',
      reason: 'Two subnets are needed in a Region; on an Outpost a load balancer has exactly one.',
    },
    {
      id: 'NIST.800.53.R5-ALBWAFEnabled',
      reason:
        'Load balancers on an Outpost have no WAF; only the named OT networks reach it, and the hub asks for its token.',
    },
  );
}
