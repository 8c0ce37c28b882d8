import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnDeployment } from 'aws-cdk-lib/aws-greengrassv2';
import { type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { GatewayConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { NODE_RUNTIMES } from '../../greengrass-versions.ts';
import { folderOf } from '../functions/bundle.ts';
import { acknowledgeArtifacts } from './acknowledgements.ts';
import { Component } from './component.ts';
import { BundleArtifact, LateArtifact } from './component-artifact.ts';
import { dashboardHash } from './dashboard.ts';
import { deployedSite, readByConnector, servedByHub } from './deployed-site.ts';
import { brokerOptions } from './local-broker.ts';
import { nodeRuntimeHash } from './node-runtime.ts';
import { connectorProgram, hubProgram } from './programs.ts';
import { type DeployedComponent, logLevelOf, publicComponents } from './public-components.ts';
import type { RecipeValues } from './recipe.ts';
import { nativeSources, refuseImpossibleSources } from './sitewise-edge.ts';
import { SitewiseGateway } from './sitewise-gateway.ts';

/** What runs on which gateway. */
export interface GatewaySoftwareProps {
  readonly deployment: Deployment;
  readonly gateway: GatewayConfig;
  /** The thing group that the gateway alone is in. */
  readonly thingGroupArn: string;
  /** The role of the programs on the gateway. */
  readonly tokenExchangeRole: IRole;
  /** Names (or ARNs) of the secrets in AWS Secrets Manager that they read. @default none */
  readonly secrets?: readonly string[];
}

/** How long running programs are given to agree with an update before it comes, seconds. */
const UPDATE_NOTICE_SECONDS = 60;
/** The processor's name in Greengrass. */
const ARCHITECTURE = { x86_64: 'amd64', arm64: 'aarch64' } as const;

/**
 * Everything that runs on a gateway under Greengrass: our programs with their own Node, the configuration that they read, AWS's
 * components, and the one deployment that names each of them by version and goes back as a whole where a part fails.
 */
export class GatewaySoftware extends Construct {
  /** Our components by their short names: `node`, `configuration`, `connector`, `hub`. */
  readonly components: ReadonlyMap<string, Component>;
  readonly deployment: CfnDeployment;
  /** The gateway in SiteWise, where AWS's own collector reads a source. */
  readonly sitewiseGateway: SitewiseGateway | undefined;

  /** @throws SiteFileError for what of the site file can't run on this gateway. */
  constructor(scope: Construct, id: string, props: GatewaySoftwareProps) {
    super(scope, id);
    const { deployment, gateway, tokenExchangeRole } = props;
    const native = nativeSources(deployment, gateway);
    refuseImpossibleSources(deployment, native);
    this.components = this.#ownComponents(props);
    const secretArns = (props.secrets ?? []).map((secret) => this.#secretArn(secret));
    const all = publicComponents({
      deployment,
      gateway,
      secretArns,
      logged: ['connector', 'hub'].flatMap((name) => this.components.get(name)?.componentName ?? []),
      hasNativeSources: native.length > 0,
    });
    for (const { componentName, componentVersion } of this.components.values()) {
      all.set(componentName, { version: componentVersion });
    }
    this.deployment = this.#deployment(props, all);
    this.#allowArtifacts(tokenExchangeRole);
    this.sitewiseGateway =
      native.length > 0
        ? new SitewiseGateway(this, 'Sitewise', {
            deployment,
            gateway,
            sources: native,
            tokenExchangeRole,
            secretArn: (name) => this.#secretArn(name),
          })
        : undefined;
  }

  #ownComponents({ deployment, gateway }: GatewaySoftwareProps): Map<string, Component> {
    const { names, site } = deployment;
    const isHub = deployment.scope.hubGatewayId === gateway.id;
    const connectorFiles = deployedSite(deployment, readByConnector(deployment, gateway.id), 'connector.yaml');
    const hubFiles = isHub ? deployedSite(deployment, servedByHub(deployment), 'hub.yaml') : undefined;
    const made = new Map<string, Component>();
    if (connectorFiles === undefined && hubFiles === undefined) return made;
    const common: RecipeValues = {
      siteId: site.id,
      gatewayId: gateway.id,
      architecture: ARCHITECTURE[gateway.architecture],
    };
    const nodeArtifact = new LateArtifact(this, 'NodeArtifact', {
      contentHash: nodeRuntimeHash(gateway.architecture),
      command: ['lib/constructs/greengrass/node-runtime-main.ts', gateway.architecture],
    });
    const node = new Component(this, 'Node', {
      componentName: names.component(gateway.id, 'node'),
      recipe: 'node',
      values: { ...common, nodeVersion: NODE_RUNTIMES[gateway.architecture].version, folder: nodeArtifact.folder },
      artifacts: { artifactUri: nodeArtifact },
    });
    made.set('node', node);
    const siteArtifact = new BundleArtifact(this, 'SiteArtifact', folderOf({ ...hubFiles, ...connectorFiles }));
    const configuration = new Component(this, 'Configuration', {
      componentName: names.component(gateway.id, 'configuration'),
      recipe: 'configuration',
      values: common,
      artifacts: { artifactUri: siteArtifact },
    });
    made.set('configuration', configuration);
    const program: RecipeValues = {
      ...common,
      nodeName: node.componentName,
      nodeComponentVersion: node.componentVersion,
      nodeFolder: nodeArtifact.folder,
      configurationName: configuration.componentName,
      configurationVersion: configuration.componentVersion,
      configurationFolder: siteArtifact.folder,
      logLevel: logLevelOf(deployment),
      brokerOptions: brokerOptions(deployment),
    };
    if (connectorFiles !== undefined) {
      const artifact = new BundleArtifact(this, 'ConnectorArtifact', connectorProgram());
      const connector = new Component(this, 'Connector', {
        componentName: names.component(gateway.id, 'connector'),
        recipe: 'connector',
        values: { ...program, folder: artifact.folder },
        artifacts: { artifactUri: artifact },
      });
      made.set('connector', connector);
    }
    if (hubFiles !== undefined) {
      const artifact = new BundleArtifact(this, 'HubArtifact', hubProgram());
      const dashboard = new LateArtifact(this, 'DashboardArtifact', {
        contentHash: dashboardHash(),
        command: ['lib/constructs/greengrass/dashboard-main.ts'],
      });
      const hub = new Component(this, 'Hub', {
        componentName: names.component(gateway.id, 'hub'),
        recipe: 'hub',
        values: { ...program, folder: artifact.folder, dashboardFolder: dashboard.folder },
        artifacts: { artifactUri: artifact, dashboardUri: dashboard },
      });
      made.set('hub', hub);
    }
    return made;
  }

  /** Any change replaces a deployment; the newest one of a target is in force. */
  #deployment(
    { deployment, gateway, thingGroupArn }: GatewaySoftwareProps,
    components: ReadonlyMap<string, DeployedComponent>,
  ): CfnDeployment {
    const named = [...components].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const resource = new CfnDeployment(this, 'Deployment', {
      targetArn: thingGroupArn,
      deploymentName: deployment.names.gateway(gateway.id),
      components: Object.fromEntries(
        named.map(([name, { version, configuration, isWhole = true }]) => [
          name,
          {
            componentVersion: version,
            ...(configuration !== undefined && {
              configurationUpdate: {
                ...(isWhole && { reset: [''] }),
                merge: Stack.of(this).toJsonString(configuration),
              },
            }),
          },
        ]),
      ),
      deploymentPolicies: {
        failureHandlingPolicy: 'ROLLBACK',
        componentUpdatePolicy: { action: 'NOTIFY_COMPONENTS', timeoutInSeconds: UPDATE_NOTICE_SECONDS },
        configurationValidationPolicy: { timeoutInSeconds: UPDATE_NOTICE_SECONDS },
      },
    });
    for (const component of this.components.values()) resource.node.addDependency(component.resource);
    return resource;
  }

  /** Exactly the archives of this gateway's components; the bucket holds those of everything else too. */
  #allowArtifacts(role: IRole): void {
    const { partition } = Stack.of(this);
    const artifacts = [...this.components.values()].flatMap((component) => component.artifacts);
    if (artifacts.length === 0) return;
    const bucketArn = (bucketName: string) => `arn:${partition}:s3:::${bucketName}`;
    const buckets = [...new Set(artifacts.map(({ bucketName }) => bucketArn(bucketName)))];
    const archives = artifacts.map(({ bucketName, objectKey }) => `${bucketArn(bucketName)}/${objectKey}`);
    const policy = new Policy(this, 'Artifacts', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: archives }),
        // The nucleus asks for the bucket's Region before each download.
        new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: buckets }),
      ],
    });
    acknowledgeArtifacts(policy);
    // The gateway fetches as soon as it hears of the deployment.
    this.deployment.node.addDependency(policy);
  }

  #secretArn(secret: string): string {
    if (secret.startsWith('arn:')) return secret;
    return Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: secret,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
