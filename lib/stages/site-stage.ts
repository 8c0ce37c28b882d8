import { Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ResidencyChecks } from '../checks/residency.ts';
import { type DeployableSite, Deployment } from '../deployment.ts';
import { DEFAULT_REGION } from '../names.ts';
import { FactoryStack } from '../stacks/factory-stack.ts';
import { FoundationStack } from '../stacks/foundation-stack.ts';
import { GatewayStack } from '../stacks/gateway-stack.ts';
import { IngestStack } from '../stacks/ingest-stack.ts';
import { LineStack } from '../stacks/line-stack.ts';
import { MesStack } from '../stacks/mes-stack.ts';
import { ModelsStack } from '../stacks/models-stack.ts';
import { ObservabilityStack } from '../stacks/observability-stack.ts';
import { OnPremStack } from '../stacks/on-prem-stack.ts';
import { PrivateNetworkStack } from '../stacks/private-network-stack.ts';

/**
 * Types that don't tell the phase. A new phase must not update each of a thousand assets, one by one, for a tag; and a launch
 * template hands its tags on to instances, so that another tag would replace each instance on the Outpost.
 */
const PHASELESS_TYPES = ['AWS::IoTSiteWise::Asset', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::AutoScalingGroup'];

/** All stacks of one site: the one place where they are wired together, for deployments and tests alike. */
export class SiteStage extends Stage {
  readonly foundation: FoundationStack;
  readonly models: ModelsStack;
  readonly lines: readonly LineStack[];
  readonly factory: FactoryStack;
  readonly ingest: IngestStack;
  readonly gateways: readonly GatewayStack[];
  readonly privateNetwork: PrivateNetworkStack | undefined;
  readonly onPrem: OnPremStack | undefined;
  readonly mes: MesStack | undefined;
  readonly observability: ObservabilityStack | undefined;

  /**
   * @param scope The app. Stacks are chosen by the site's id (`<site>/**`), and named `plantbridge-<site>-...`.
   * @throws SiteFileError for what of the site file can't be deployed and only synthesis finds.
   */
  constructor(scope: Construct, deployable: DeployableSite) {
    const { site } = deployable;
    const account = site.aws?.account;
    const deployment = new Deployment(deployable);
    super(scope, site.id, {
      stageName: deployment.names.prefix,
      env: { region: site.aws?.region ?? DEFAULT_REGION, ...(account !== undefined && { account }) },
    });
    const about = (what: string) => ({ deployment, description: `Plantbridge ${site.name}: ${what}` });
    const { scope: deployed } = deployment;
    const foundation = new FoundationStack(this, 'Foundation', {
      ...about('keys, access logs, alarm topic, event bus'),
      terminationProtection: true,
    });
    this.foundation = foundation;
    this.models = new ModelsStack(this, 'Models', {
      ...about('asset models'),
      foundation,
      terminationProtection: true,
    });
    this.lines = deployed.lines.map(
      (line) =>
        new LineStack(this, `Line-${line.id}`, {
          ...about(`assets of line ${line.id}`),
          line,
          models: this.models,
        }),
    );
    this.factory = new FactoryStack(this, 'Factory', about('the factory and its lines'));
    for (const line of this.lines) {
      line.addStackDependency(this.models);
      this.factory.addStackDependency(line);
    }
    this.factory.addStackDependency(this.models);
    this.ingest = new IngestStack(this, 'Ingest', {
      ...about('rules, stream, lake'),
      foundation,
      terminationProtection: true,
    });
    this.gateways = deployed.gateways.map(
      (gateway) =>
        new GatewayStack(this, `Gateway-${gateway.id}`, { ...about(`gateway ${gateway.id}`), foundation, gateway }),
    );
    const { privateEndpoints } = site.network;
    this.privateNetwork =
      privateEndpoints &&
      new PrivateNetworkStack(this, 'PrivateNetwork', {
        ...about('private endpoints for gateways'),
        endpoints: privateEndpoints,
      });
    const { outpost } = site;
    this.onPrem =
      outpost !== undefined && deployed.hasOutpost
        ? new OnPremStack(this, 'OnPrem', {
            ...about('hub on the Outpost'),
            foundation,
            outpost,
            terminationProtection: true,
          })
        : undefined;
    this.mes = deployed.hasProduction
      ? new MesStack(this, 'Mes', { ...about('MES and ERP'), foundation, terminationProtection: true })
      : undefined;
    const watched = [foundation, this.models, this.ingest, ...this.gateways, this.onPrem, this.mes].flatMap(
      (stack) => stack?.watched ?? [],
    );
    this.observability = deployed.hasProduction
      ? new ObservabilityStack(this, 'Observability', { ...about('alarms and dashboards'), foundation, watched })
      : undefined;
    if (deployment.keepsRawValues) Validations.of(this).addPlugins(new ResidencyChecks(deployment.names));
    // The phase guard in the foundation comes first: what it refuses must not have begun elsewhere.
    for (const stack of this.node.children) {
      if (Stack.isStack(stack) && stack !== foundation) stack.addStackDependency(foundation);
    }
    Tags.of(this).add('plantbridge:site', site.id);
    Tags.of(this).add('plantbridge:phase', site.phase, { excludeResourceTypes: PHASELESS_TYPES });
  }
}
