import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnProvisioningTemplate } from 'aws-cdk-lib/aws-iot';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  ENROLMENT_ENV,
  HOOK_PAYLOAD_VERSION,
  joinedSerialNumbers,
  SERIAL_NUMBER_KEY,
} from '../../../lambda/enrolment-hook/contract.ts';
import { SiteFunction } from '../functions/site-function.ts';
import { acknowledgeHook, acknowledgeProvisioningRole, acknowledgeUsedSerialNumbers } from './acknowledgements.ts';
import { type EnrolledThing, provisioningTemplateBody } from './provisioning-template-body.ts';

/** What a gateway is enrolled as. */
export interface GatewayEnrolmentProps {
  /** See `SiteNames.provisioningTemplate`. */
  readonly templateName: string;
  readonly thing: EnrolledThing;
  /** Serial numbers of the devices that may enrol, each once; nobody may where there is none. */
  readonly serialNumbers: readonly string[];
  /** The site's key. */
  readonly key: IKey;
  /** What happens to the list of used serial numbers with the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * How a device becomes a gateway: AWS IoT fleet provisioning by a claim of five minutes, with a hook that lets each listed serial
 * number through once. The provisioning template alone makes the thing and puts it into its group: CloudFormation can not.
 */
export class GatewayEnrolment extends Construct {
  /** The pre-provisioning hook. */
  readonly hook: IFunction;

  constructor(scope: Construct, id: string, props: GatewayEnrolmentProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const used = new Table(this, 'UsedSerialNumbers', {
      partitionKey: { name: SERIAL_NUMBER_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy: props.removalPolicy,
    });
    acknowledgeUsedSerialNumbers(used);
    const asked = new SiteFunction(this, 'Hook', {
      name: 'enrolment-hook',
      description: `Lets each listed serial number enrol once as ${props.thing.thingName}`,
      key: props.key,
      // AWS IoT waits five seconds.
      timeout: Duration.seconds(5),
      environment: {
        [ENROLMENT_ENV.table]: used.tableName,
        [ENROLMENT_ENV.serialNumbers]: joinedSerialNumbers(props.serialNumbers),
      },
    });
    acknowledgeHook(asked);
    const hook = asked.function;
    hook.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [used.tableArn] }));
    // DynamoDB uses the key on behalf of its caller.
    hook.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: [props.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${stack.region}.amazonaws.com` } },
      }),
    );
    this.hook = hook;
    const templateArn = stack.formatArn({
      service: 'iot',
      resource: 'provisioningtemplate',
      resourceName: props.templateName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    hook.addPermission('AskedByAwsIot', {
      principal: new ServicePrincipal('iot.amazonaws.com'),
      sourceArn: templateArn,
      sourceAccount: stack.account,
    });
    const template = new CfnProvisioningTemplate(this, 'Template', {
      templateName: props.templateName,
      templateType: 'FLEET_PROVISIONING',
      description: `Enrols a device as the gateway ${props.thing.thingName}`,
      enabled: true,
      provisioningRoleArn: this.#provisioningRole(props.thing).roleArn,
      preProvisioningHook: { payloadVersion: HOOK_PAYLOAD_VERSION, targetArn: hook.functionArn },
      templateBody: stack.toJsonString(provisioningTemplateBody(props.thing)),
    });
    // AWS IoT refuses a template whose hook it may not call.
    template.node.addDependency(hook.node.findChild('AskedByAwsIot'));
  }

  /**
   * What AWS IoT does for the template. AWS's own policy for this (AWSIoTThingsRegistration) may change every thing, group and
   * certificate of the account; this one only what the template names, except for certificates, whose ids nobody knows before.
   */
  #provisioningRole({ thingName, thingGroupName, thingTypeName, policyNames }: EnrolledThing): Role {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'iot', resource, resourceName });
    const role = new Role(this, 'ProvisioningRole', {
      description: `AWS IoT enrols the gateway ${thingName}`,
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const thing = arn('thing', thingName);
    const group = arn('thinggroup', thingGroupName);
    const certificates = arn('cert', '*');
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'iot:CreateThing',
          'iot:DescribeThing',
          'iot:UpdateThing',
          'iot:ListThingPrincipals',
          'iot:ListThingGroupsForThing',
        ],
        resources: [thing],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'iot:AddThingToThingGroup',
          'iot:RemoveThingFromThingGroup',
          'iot:UpdateThingGroupsForThing',
          'iot:DescribeThingGroup',
        ],
        resources: [thing, group],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['iot:DescribeThingType'], resources: [arn('thingtype', thingTypeName)] }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['iot:GetPolicy'],
        resources: policyNames.map((name) => arn('policy', name)),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'iot:DescribeCertificate',
          'iot:UpdateCertificate',
          'iot:AttachPolicy',
          'iot:AttachPrincipalPolicy',
          'iot:AttachThingPrincipal',
          'iot:ListPrincipalThings',
        ],
        resources: [certificates],
      }),
    );
    role.addToPolicy(
      // These know no resources.
      new PolicyStatement({ actions: ['iot:RegisterThing', 'iot:ListPrincipalPolicies'], resources: ['*'] }),
    );
    acknowledgeProvisioningRole(role, certificates);
    return role;
  }
}
