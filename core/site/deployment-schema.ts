import { z } from 'zod';
import { idSchema, nameSchema, secretReferenceSchema } from './basic-schema.ts';

/** An IPv4 network in CIDR notation; Outposts and their local gateways know IPv4 only. */
export const cidrSchema = z
  .string()
  .regex(
    /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
    'must be an IPv4 network in CIDR notation, in quotes, e.g. "192.168.10.0/24"',
  );

/** Where in AWS the site is deployed. */
export const awsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS Region, e.g. eu-central-1')
    .optional()
    .describe('The AWS Region. Default: eu-central-1'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be an AWS account id of twelve digits, in quotes')
    .optional()
    .describe(
      'The AWS account id, in quotes. Default: that of the credentials at deployment; must be given from phase production on, and with an outpost',
    ),
  sitewise: z
    .strictObject({
      manageAccountSettings: z
        .boolean()
        .default(false)
        .describe(
          "Whether this site sets the account's SiteWise storage and logging in its Region; at most one site of an account and Region may",
        ),
      valuesPerSecondQuota: z
        .int()
        .min(1)
        .default(5000)
        .describe("The account's SiteWise quota of data ingested in this Region, values a second"),
    })
    .prefault({})
    .describe('AWS IoT SiteWise in this account and Region'),
  apiGateway: z
    .strictObject({
      manageAccountSettings: z
        .boolean()
        .default(false)
        .describe(
          "Whether this site gives the account's API Gateway its role to write logs, which the MES API needs; for an account and Region that has none",
        ),
    })
    .prefault({})
    .describe('Amazon API Gateway in this account and Region'),
  deleteData: z
    .boolean()
    .default(false)
    .describe(
      'The first of two keys to delete the data with the stacks; the second is -c delete-data=<site> at deployment',
    ),
});

/** The line and gateway with which the roadmap begins. */
export const pilotSchema = z.strictObject({
  line: idSchema.describe('The id of the line that is deployed in the phases pilot and production'),
  gateway: idSchema.describe('The id of the gateway that is deployed in the phases pilot and production'),
});

/** A gateway on the shop floor: an AWS IoT Greengrass core device. */
export const gatewaySchema = z.strictObject({
  id: idSchema.describe('The id of the gateway, unique in the site, e.g. gateway-1'),
  name: nameSchema.optional().describe('A name for people'),
  serialNumbers: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, "-" and "_", 64 at most, e.g. "PB-0042"'),
    )
    .default([])
    .describe('Serial numbers of the devices that may enrol as this gateway, each once'),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64').describe('Processor of the gateway'),
  broker: z
    .enum(['moquette', 'emqx'])
    .default('moquette')
    .describe('The MQTT broker on the gateway: moquette, or emqx (needs Docker), which SiteWise Edge needs'),
  timeServers: z
    .array(z.string().min(1))
    .default([])
    .describe("NTP servers on the plant's network. Default: those of the operating system"),
  proxy: z
    .strictObject({
      url: z
        .string()
        .regex(/^https?:\/\/[^\s@]+$/, 'must be http://host:port or https://host:port, without a password')
        .describe('The HTTP proxy to the internet, e.g. http://proxy.plant.example:3128'),
      noProxyAddresses: z.array(z.string().min(1)).default([]).describe('Addresses that are reached without the proxy'),
    })
    .optional()
    .describe('The proxy between the gateway and the internet'),
});

/** Networks around the site. */
export const networkSchema = z.strictObject({
  otNetworks: z
    .array(
      z.strictObject({
        id: idSchema.describe('The id of the network, e.g. hall-1'),
        name: nameSchema.optional().describe('A name for people'),
        cidr: cidrSchema.describe('Its addresses, e.g. "192.168.10.0/24"'),
      }),
    )
    .default([])
    .describe('The networks of machines and people in the factory that may reach the hub; nobody else may'),
  privateEndpoints: z
    .strictObject({
      vpcId: z
        .string()
        .regex(/^vpc-[0-9a-f]+$/, 'must be the id of a VPC, e.g. vpc-0123456789abcdef0')
        .describe('The VPC at the end of the Direct Connect or VPN connection'),
      subnetIds: z
        .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'must be the id of a subnet, e.g. subnet-0123456789abcdef0'))
        .min(1)
        .describe('Its subnets, one an Availability Zone'),
    })
    .optional()
    .describe('VPC interface endpoints of the services that gateways need, for a plant without internet'),
});

/** Instance families by generation of the Outposts rack. */
export const OUTPOST_INSTANCE_FAMILIES = {
  1: ['m5', 'c5', 'r5', 'g4dn'],
  2: ['m7i', 'c7i', 'r7i', 'm8i', 'c8i', 'r8i'],
} as const;

/** The AWS Outposts rack of the factory. */
export const outpostSchema = z.strictObject({
  arn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:outposts:[a-z0-9-]+:\d{12}:outpost\/op-[0-9a-f]+$/,
      'must be the ARN of an Outpost: arn:aws:outposts:<region>:<account>:outpost/op-...',
    )
    .describe('ARN of the AWS Outpost'),
  availabilityZone: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be an Availability Zone, e.g. eu-central-1a')
    .describe('Availability Zone that the Outpost is homed to, e.g. eu-central-1a'),
  generation: z.union([z.literal(1), z.literal(2)]).describe('Generation of the Outposts rack: 1 or 2'),
  racks: z
    .int()
    .min(1)
    .default(1)
    .describe('Compute racks of the Outpost; generation 2 has S3 only with more than one'),
  s3: z.boolean().default(false).describe('Whether the Outpost was ordered with S3 on Outposts'),
  instanceType: z
    .string()
    .regex(/^[a-z][a-z0-9]*\.[a-z0-9]+$/, 'must be an EC2 instance type, e.g. m5.xlarge')
    .describe('EC2 instance type of the hub, one that the Outpost has capacity for, e.g. m5.xlarge'),
  instances: z.int().min(1).max(20).default(2).describe('EC2 instances for the hub'),
  hostName: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
      'must be a host name, e.g. hub.plant.example',
    )
    .optional()
    .describe("Host name of the hub in the plant's DNS, e.g. hub.plant.example; needed from phase rollout on"),
  certificateArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:/, 'must be the ARN of a certificate in AWS Certificate Manager')
    .optional()
    .describe(
      'ARN of the certificate for that name in AWS Certificate Manager, in the same Region; needed from phase rollout on',
    ),
  databaseInstanceClass: z
    .string()
    .regex(/^db\.[a-z][a-z0-9]*\.[a-z0-9]+$/, 'must be an RDS instance class, e.g. db.m5.large')
    .default('db.m5.large')
    .describe('RDS instance class of the historian; generation 1 only, since generation 2 runs PostgreSQL in ECS'),
  databaseStorageGigabytes: z.int().min(20).max(16_000).default(200).describe('Disk of the historian, GB'),
  vpcCidr: cidrSchema.describe('Addresses of the VPC; must not overlap the OT networks, e.g. "10.60.0.0/16"'),
  subnetCidr: cidrSchema.describe('Addresses of the subnet on the Outpost, within the VPC, e.g. "10.60.1.0/24"'),
  localGateway: z
    .strictObject({
      id: z
        .string()
        .regex(/^lgw-[0-9a-f]+$/, 'must be the id of a local gateway, e.g. lgw-0123456789abcdef0')
        .describe("Id of the Outpost's local gateway"),
      routeTableId: z
        .string()
        .regex(/^lgw-rtb-[0-9a-f]+$/, 'must be the id of a local gateway route table, e.g. lgw-rtb-0123456789abcdef0')
        .describe('Id of its route table; in direct VPC routing mode'),
    })
    .describe('The way from the Outpost to the factory network'),
});

/** Manufacturing execution system and ERP. */
export const mesSchema = z.strictObject({
  authentication: z
    .enum(['iam', 'mutual-tls'])
    .default('iam')
    .describe('How the MES proves who it is at the cloud API: IAM signatures, or a client certificate'),
  mutualTls: z
    .strictObject({
      domainName: z.string().min(4).describe('Host name of the API, e.g. mes.plant.example'),
      certificateArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:acm:/, 'must be the ARN of a certificate in AWS Certificate Manager')
        .describe('ARN of the certificate for that name in AWS Certificate Manager, in the same Region'),
      truststoreUri: z
        .string()
        .regex(/^s3:\/\/[^/]+\/.+$/, 'must be s3://bucket/key')
        .describe('PEM file of the certificate authorities of MES clients, as s3://bucket/key'),
    })
    .optional()
    .describe('What authentication by mutual-tls needs'),
  qualityFeedback: z
    .boolean()
    .default(false)
    .describe(
      "Whether the MES confirms or corrects quality: SiteWise then adds its corrections (the models' option mes)",
    ),
  requestsPerSecond: z.int().min(1).max(10_000).default(50).describe('The most requests a second that the API takes'),
  erp: z
    .discriminatedUnion('target', [
      z.strictObject({ target: z.literal('queue').describe('An SQS queue, from which the ERP fetches') }),
      z.strictObject({
        target: z.literal('https').describe('An HTTPS address of the ERP'),
        url: z
          .string()
          .regex(/^https:\/\/[^\s]+$/, 'must start with https://')
          .describe('Its address'),
        authorizationFrom: secretReferenceSchema.describe(
          'Where the value of the Authorization header is: secretsmanager:name',
        ),
      }),
    ])
    .optional()
    .describe('Where order progress, OEE per shift and faults are sent. Default: nowhere'),
});

/** Who is told, and where people look. */
export const observabilitySchema = z.strictObject({
  emails: z
    .array(z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'must be an e-mail address'))
    .default([])
    .describe('Who gets alarms by e-mail'),
  grafana: z.boolean().default(false).describe('Whether an Amazon Managed Grafana workspace is made'),
  oeeDataGapShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe('Share of unknown time in an hour from which OEE data quality is alarmed, 0 to 1'),
});

export type GatewayConfig = z.output<typeof gatewaySchema>;
export type OutpostConfig = z.output<typeof outpostSchema>;
export type NetworkConfig = z.output<typeof networkSchema>;
export type MesConfig = z.output<typeof mesSchema>;
