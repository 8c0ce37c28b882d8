import type { Asked, RoleRow } from './row.ts';
import { arnOf, ask } from './row.ts';

const iot = (resource: string) => arnOf('iot', resource);
const thingOf = ({ names, id }: Asked) => names.gateway(id);
/** The id that begins like the gateway's own: what a pattern with a star after the name would let through. */
const neighbourOf = ({ names, id }: Asked) => names.gateway(`${id}0`);
const systemStream = (thing: string) =>
  arnOf(
    'logs',
    `log-group:/aws/greengrass/GreengrassSystemComponent/eu-central-1/System:log-stream:/2026/11/24/thing/${thing}`,
  );

/** Roles and IoT policies of a gateway's stack. */
export const GATEWAY_ROWS: readonly RoleRow[] = [
  {
    role: 'Gateway-*/TokenExchange/Role',
    purpose: 'the programs on a gateway',
    allows: (asked) => [
      ask('iot:Connect', iot(`client/${thingOf(asked)}#1`)),
      ask('iot:Publish', iot(`topic/$aws/rules/${asked.names.rule('live-aggregates')}/${thingOf(asked)}`)),
      ask('iot:Publish', iot(`topic/$aws/rules/${asked.names.rule('backlog-aggregates')}/${thingOf(asked)}`)),
      ask('logs:PutLogEvents', systemStream(thingOf(asked))),
    ],
    denies: (asked) => [
      ask('iot:Connect', iot(`client/${thingOf(asked)}`)),
      ask('iot:Connect', iot(`client/${neighbourOf(asked)}#1`)),
      ask('iot:Publish', iot(`topic/$aws/rules/${asked.names.rule('live-aggregates')}/${neighbourOf(asked)}`)),
      ask('iot:Subscribe', iot('topicfilter/#')),
      ask('logs:PutLogEvents', systemStream(neighbourOf(asked))),
    ],
  },
  {
    role: 'Gateway-*/CorePolicies/Messages',
    purpose: "the nucleus' messages",
    allows: (asked) => [
      ask('iot:Connect', iot(`client/${thingOf(asked)}`)),
      ask('iot:Connect', iot(`client/${thingOf(asked)}#2`)),
      ask('iot:Publish', iot(`topic/$aws/things/${thingOf(asked)}/greengrassv2/health/json`)),
      ask('iot:Receive', iot(`topic/$aws/things/${thingOf(asked)}/jobs/notify-next`)),
      ask('iot:Subscribe', iot(`topicfilter/$aws/things/${thingOf(asked)}-gci/shadow/update/delta`)),
    ],
    denies: (asked) => [
      ask('iot:Connect', iot(`client/${neighbourOf(asked)}`)),
      ask('iot:Publish', iot(`topic/$aws/things/${neighbourOf(asked)}/shadow/update`)),
      ask('iot:Subscribe', iot(`topicfilter/$aws/things/${neighbourOf(asked)}/jobs/notify-next`)),
      ask('iot:Publish', iot(`topic/$aws/rules/${asked.names.rule('live-raw')}/${thingOf(asked)}`)),
    ],
  },
  {
    role: 'Gateway-*/CorePolicies/Software',
    purpose: "the nucleus' deployments, and the local broker",
    allows: () => [
      ask(
        'greengrass:ResolveComponentCandidates',
        arnOf('greengrass', 'components:aws.greengrass.Nucleus:versions:1.0.0'),
      ),
    ],
    denies: (asked) => [
      ask('greengrass:CreateDeployment', arnOf('greengrass', '/greengrass/groups/any')),
      ask('greengrass:CreateComponentVersion', arnOf('greengrass', 'components:any')),
      ask(
        'greengrass:UpdateConnectivityInfo',
        arnOf('greengrass', `/greengrass/things/${neighbourOf(asked)}/connectivityInfo`),
      ),
    ],
  },
  {
    role: 'Gateway-*/Enrolment/ProvisioningRole',
    purpose: 'AWS IoT makes the thing of a gateway that enrols',
    allows: (asked) => [
      ask('iot:CreateThing', iot(`thing/${thingOf(asked)}`)),
      ask('iot:DescribeThing', iot(`thing/${thingOf(asked)}`)),
      ask('iot:DescribeThingGroup', iot(`thinggroup/${thingOf(asked)}`)),
      ask('iot:DescribeThingType', iot(`thingtype/${thingOf(asked)}`)),
      ask('iot:AttachPolicy', iot('cert/any')),
      ask('iot:AttachThingPrincipal', iot('cert/any')),
      ask('iot:UpdateCertificate', iot('cert/any')),
    ],
    denies: (asked) => [
      ask('iot:CreateThing', iot(`thing/${neighbourOf(asked)}`)),
      ask('iot:UpdateThing', iot(`thing/${neighbourOf(asked)}`)),
      ask('iot:DeleteThing', iot(`thing/${thingOf(asked)}`)),
      ask('iot:CreatePolicy', iot('policy/any')),
    ],
  },
  {
    role: 'Gateway-*/Enrolment/Hook/Role',
    purpose: 'the enrolment hook notes used serial numbers',
    allows: ({ permissions, stackId }) => [
      ask('dynamodb:UpdateItem', permissions.arn('AWS::DynamoDB::Table', `${stackId}/Enrolment/UsedSerialNumbers`)),
    ],
    denies: ({ permissions, stackId }) => [
      ask('dynamodb:DeleteItem', permissions.arn('AWS::DynamoDB::Table', `${stackId}/Enrolment/UsedSerialNumbers`)),
    ],
  },
  {
    role: 'Gateway-*/Defender/AlertRole',
    purpose: 'Device Defender tells the alarm topic',
    allows: ({ permissions }) => [ask('sns:Publish', permissions.arn('AWS::SNS::Topic', 'Foundation/Alarms'))],
  },
];
