import { RAW_RULE_KINDS, RULE_KINDS } from '../../../lib/names.ts';
import { type Asked, arnOf, ask, functionNeeds, type RoleRow } from './row.ts';

const THING = ({ names, id }: Asked) => names.gateway(id);
/** A gateway whose name begins like this one's: `gateway-1` and `gateway-10`. */
const NEIGHBOUR = ({ names, id }: Asked) => names.gateway(`${id}0`);
const topic = (rest: string) => arnOf('iot', `topic/${rest}`);
const certificate = arnOf('iot', `cert/${'0'.repeat(64)}`);
const VIA = (service: string) => ({ 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` });

/** The rules that a gateway of the site may publish to: with `residency: aggregates`, not those of raw values. */
const rulesOf = ({ names, permissions }: Asked) =>
  RULE_KINDS.filter((kind) => permissions.has(`Ingest/Rules/${kind}/Role`)).map((kind) => ({
    kind,
    rule: names.rule(kind),
  }));

const sendsRawValues = (asked: Asked) => rulesOf(asked).some(({ kind }) => RAW_RULE_KINDS.includes(kind));

/** Its components' archives, as the recipes name them, and the place of their bucket, which the nucleus asks for first. */
const fetchesArtifacts = ({ permissions, stackId }: Asked) =>
  permissions
    .properties('AWS::GreengrassV2::ComponentVersion', stackId)
    .flatMap((properties) => [...JSON.stringify(properties).matchAll(/s3:\/\/([^/"\\]+)\/([^"\\]+)/g)])
    .flatMap(([, bucket, key]) => [
      ask('s3:GetBucketLocation', `arn:aws:s3:::${bucket}`),
      ask('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`),
    ]);

/** The secrets that the deployment names; AWS adds six characters to their names. */
const readsSecrets = ({ permissions, stackId }: Asked) =>
  permissions
    .properties('AWS::GreengrassV2::Deployment', stackId)
    .flatMap((properties) => [...JSON.stringify(properties).matchAll(/:secret:([\w/+=.@-]+)/g)])
    .map(([, name]) => ask('secretsmanager:GetSecretValue', arnOf('secretsmanager', `secret:${name}-AbCdEf`)));

/** The connector's log, in the stream of this gateway. */
const writesLogs = (asked: Asked, action = 'logs:PutLogEvents') => {
  const group = `/aws/greengrass/UserComponent/eu-central-1/${asked.names.component(asked.id, 'connector')}`;
  return ask(action, arnOf('logs', `log-group:${group}:log-stream:/2026/11/24/thing/${THING(asked)}`));
};

export const GATEWAY_ROLES: readonly RoleRow[] = [
  {
    role: 'Gateway-*/TokenExchange/Role',
    purpose: "the gateway's programs: values to the site's rules, secrets of its own sources, its own logs",
    allows: (asked) => [
      ask('iot:Connect', arnOf('iot', `client/${THING(asked)}#1`)),
      ...rulesOf(asked).map(({ kind, rule }) =>
        ask(
          'iot:Publish',
          topic(
            `$aws/rules/${rule}/${THING(asked)}${kind === 'state' ? `/${asked.names.siteId}/line/machine/state` : ''}`,
          ),
        ),
      ),
      ...(sendsRawValues(asked) ? [writesLogs(asked), writesLogs(asked, 'logs:CreateLogStream')] : []),
      ...fetchesArtifacts(asked),
      ...readsSecrets(asked),
    ],
    denies: (asked) => [
      // A log may quote what a machine sent.
      ...(sendsRawValues(asked) ? [] : [writesLogs(asked)]),
      ask('iot:Connect', arnOf('iot', `client/${NEIGHBOUR(asked)}#1`)),
      ask('iot:Connect', arnOf('iot', `client/${NEIGHBOUR(asked)}`)),
      ...rulesOf(asked).flatMap(({ rule }) => [
        ask('iot:Publish', topic(`$aws/rules/${rule}/${NEIGHBOUR(asked)}`)),
        ask('iot:Publish', topic(`$aws/rules/${rule}/${NEIGHBOUR(asked)}/${asked.names.siteId}/line/machine/state`)),
        ask('iot:Publish', topic(`$aws/rules/${rule}/${THING(asked)}/another-site/line/machine/state`)),
      ]),
      ask('iot:Publish', topic(`$aws/things/${THING(asked)}/jobs/update`)),
      ask('kms:Decrypt', asked.permissions.arn('AWS::KMS::Key', 'Foundation'), VIA('s3')),
      ask('s3:GetBucketLocation', 'arn:aws:s3:::another'),
      ask('s3:GetObject', 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/another.zip'),
      ask('secretsmanager:GetSecretValue', arnOf('secretsmanager', 'secret:plant/another-plc-AbCdEf')),
    ],
    // Where SiteWise Edge runs, its publisher writes by alias, and IAM knows only the ids that SiteWise makes.
    reaches: ({ permissions, stackId }) =>
      permissions.holds('AWS::IoTSiteWise::Gateway', stackId)
        ? { 'iotsitewise:BatchPutAssetPropertyValue': 'values are written by alias' }
        : {},
  },
  {
    role: 'Gateway-*/CorePolicies/Messages',
    purpose: 'the core device: what Greengrass itself says over MQTT',
    allows: (asked) => [
      ask('iot:Connect', arnOf('iot', `client/${THING(asked)}`)),
      ask('iot:Connect', arnOf('iot', `client/${THING(asked)}#2`)),
      ask('iot:Publish', topic(`$aws/things/${THING(asked)}/greengrass/health/json`)),
      ask('iot:Receive', topic(`$aws/things/${THING(asked)}/jobs/notify-next`)),
      ask('iot:Subscribe', arnOf('iot', `topicfilter/$aws/things/${THING(asked)}/jobs/*`)),
    ],
    denies: (asked) => [
      ask('iot:Connect', arnOf('iot', `client/${NEIGHBOUR(asked)}`)),
      ask('iot:Publish', topic(`$aws/things/${NEIGHBOUR(asked)}/greengrass/health/json`)),
      ask('iot:Subscribe', arnOf('iot', `topicfilter/$aws/things/${NEIGHBOUR(asked)}/jobs/*`)),
      ...rulesOf(asked).map(({ rule }) => ask('iot:Publish', topic(`$aws/rules/${rule}/${THING(asked)}`))),
    ],
  },
  {
    role: 'Gateway-*/CorePolicies/Software',
    purpose: 'the core device: its components, deployment, and the role that its programs assume',
    allows: (asked) => [
      ask('iot:AssumeRoleWithCertificate', arnOf('iot', `rolealias/${THING(asked)}`)),
      ask('greengrass:GetComponentVersionArtifact', arnOf('greengrass', 'components:x:versions:1.0.0')),
      ask('greengrass:VerifyClientDeviceIoTCertificateAssociation', arnOf('iot', `thing/${THING(asked)}-local`)),
      ask('greengrass:ResolveComponentCandidates', '*'),
      ask('greengrass:GetDeploymentConfiguration', '*'),
      ask('greengrass:ListThingGroupsForCoreDevice', '*'),
    ],
    denies: (asked) => [
      ask('iot:AssumeRoleWithCertificate', arnOf('iot', `rolealias/${NEIGHBOUR(asked)}`)),
      ask('greengrass:VerifyClientDeviceIoTCertificateAssociation', arnOf('iot', `thing/${NEIGHBOUR(asked)}-local`)),
      ask('greengrass:CreateDeployment', '*'),
    ],
  },
  {
    role: 'Gateway-*/Enrolment/Hook/Role',
    purpose: 'lets each listed serial number enrol once',
    allows: (asked) => [
      ...functionNeeds(asked, `Gateway-${asked.id}/Enrolment/Hook`),
      ask('dynamodb:UpdateItem', asked.permissions.arn('AWS::DynamoDB::Table', `Gateway-${asked.id}/Enrolment`)),
      ask('kms:Decrypt', asked.permissions.arn('AWS::KMS::Key', 'Foundation'), VIA('dynamodb')),
    ],
    denies: (asked) => {
      const table = asked.permissions.arn('AWS::DynamoDB::Table', `Gateway-${asked.id}/Enrolment`);
      return [
        ask('dynamodb:DeleteItem', table),
        ask('dynamodb:UpdateItem', `${table}0`),
        ask('kms:Decrypt', asked.permissions.arn('AWS::KMS::Key', 'Foundation'), VIA('s3')),
        ask('iot:CreateThing', arnOf('iot', `thing/${THING(asked)}`)),
      ];
    },
  },
  {
    role: 'Gateway-*/Enrolment/ProvisioningRole',
    purpose: "makes the gateway's thing and attaches its certificate",
    allows: (asked) => [
      ask('iot:CreateThing', arnOf('iot', `thing/${THING(asked)}`)),
      ask('iot:AddThingToThingGroup', arnOf('iot', `thinggroup/${THING(asked)}`)),
      ask('iot:AttachPolicy', certificate),
      ask('iot:UpdateCertificate', certificate),
      ask('iot:RegisterThing', '*'),
    ],
    denies: (asked) => [
      ask('iot:CreateThing', arnOf('iot', `thing/${NEIGHBOUR(asked)}`)),
      ask('iot:AddThingToThingGroup', arnOf('iot', `thinggroup/${NEIGHBOUR(asked)}`)),
      ask('iot:DeleteThing', arnOf('iot', `thing/${THING(asked)}`)),
      ask('iot:CreatePolicy', arnOf('iot', 'policy/another')),
      ask('iot:DeleteCertificate', certificate),
    ],
  },
  {
    role: 'Gateway-*/Defender/AlertRole',
    purpose: "tells the site's alarm topic when the gateway behaves oddly",
    allows: ({ permissions }) => [
      ask('sns:Publish', permissions.arn('AWS::SNS::Topic', 'Foundation')),
      ask('kms:GenerateDataKey', permissions.arn('AWS::KMS::Key', 'Foundation'), VIA('sns')),
    ],
    denies: ({ permissions }) => [ask('kms:Decrypt', permissions.arn('AWS::KMS::Key', 'Foundation'), VIA('s3'))],
  },
];
