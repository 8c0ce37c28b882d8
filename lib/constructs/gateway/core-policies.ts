import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnPolicy, type CfnRoleAlias } from 'aws-cdk-lib/aws-iot';
import { Construct } from 'constructs';

/** Whose rights they are. */
export interface CorePoliciesProps {
  /** The IoT thing, which is also the Greengrass core device. */
  readonly thingName: string;
  /** The thing as which the gateway's programs connect to its local broker; nobody else may. */
  readonly localClientThing: string;
  /** The alias by which the device gets credentials of its token exchange role. */
  readonly roleAlias: CfnRoleAlias;
}

/**
 * What a gateway's certificate may do: connect as itself, talk about itself, take deployments, serve its local broker, and get
 * credentials of its own role. Two policies, since AWS IoT takes 2,048 characters each.
 *
 * AWS's example allows `NAME*`, by which gw-1 could act as gw-10. The nucleus connects as NAME and, with further
 * connections, as NAME#2 and so on, and client device authentication watches the shadow NAME-gci: these and no others.
 */
export class CorePolicies extends Construct {
  /** Names of the policies, for the provisioning template. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { thingName, localClientThing, roleAlias }: CorePoliciesProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const iot = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'iot', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    const ownTopics = [`$aws/things/${thingName}/*`, `$aws/things/${thingName}-gci/shadow/*`];
    const messages = new CfnPolicy(this, 'Messages', {
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'iot:Connect',
            Resource: [iot('client', thingName), iot('client', `${thingName}#*`)],
          },
          {
            Effect: 'Allow',
            Action: ['iot:Publish', 'iot:Receive'],
            Resource: ownTopics.map((topic) => iot('topic', topic)),
          },
          {
            Effect: 'Allow',
            Action: 'iot:Subscribe',
            Resource: ownTopics.map((topic) => iot('topicfilter', topic)),
          },
        ],
      },
    });
    const software = new CfnPolicy(this, 'Software', {
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: roleAlias.attrRoleAliasArn },
          {
            Effect: 'Allow',
            // Operations of the Greengrass data plane, answered for the calling core device alone; for policies of devices AWS
            // documents no narrower resource.
            Action: [
              'greengrass:GetComponentVersionArtifact',
              'greengrass:GetDeploymentConfiguration',
              'greengrass:ListThingGroupsForCoreDevice',
              'greengrass:ResolveComponentCandidates',
              // The local broker: its certificate authority, and who a client is.
              'greengrass:PutCertificateAuthorities',
              'greengrass:VerifyClientDeviceIdentity',
            ],
            Resource: '*',
          },
          {
            Effect: 'Allow',
            Action: 'greengrass:VerifyClientDeviceIoTCertificateAssociation',
            // Its own programs: client device auth lets nobody else connect to the local broker.
            Resource: iot('thing', localClientThing),
          },
          {
            Effect: 'Allow',
            // Where clients of the local broker find it; the IP detector reports it.
            Action: ['greengrass:GetConnectivityInfo', 'greengrass:UpdateConnectivityInfo'],
            Resource: stack.formatArn({
              service: 'greengrass',
              resource: '/greengrass/things',
              resourceName: `${thingName}/connectivityInfo`,
            }),
          },
        ],
      },
    });
    this.names = [messages.ref, software.ref];
  }
}
