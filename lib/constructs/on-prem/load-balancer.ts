import { Duration } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationProtocol,
  ApplicationTargetGroup,
  CfnListener,
  CfnLoadBalancer,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { NetworkConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { HUB_LOG_PREFIX } from '../foundation/access-log-bucket.ts';
import { acknowledgeLoadBalancer } from './acknowledgements.ts';
import { HEALTH_PATH, HUB_PORT } from './hub-options.ts';
import type { HubService } from './hub-service.ts';
import { asVpc } from './interfaces.ts';
import { haveOneSubnet } from './lint.ts';
import type { OnPremNetwork } from './network.ts';
import type { OnPremSettings } from './site-faults.ts';

/** What the {@link HubLoadBalancer} is made for. */
export interface HubLoadBalancerProps {
  readonly deployment: Deployment;
  readonly settings: OnPremSettings;
  readonly network: OnPremNetwork;
  readonly otNetworks: NetworkConfig['otNetworks'];
  readonly hub: HubService;
  readonly accessLogs: Bucket;
}

/**
 * The way of the factory to the hub: an internal load balancer on the Outpost, TLS only, open to the named OT networks. On an
 * Outpost it has exactly one subnet, and neither WAF nor client certificates nor log-in: the hub asks for its own token.
 */
export class HubLoadBalancer extends Construct {
  readonly loadBalancer: CfnLoadBalancer;

  constructor(scope: Construct, id: string, props: HubLoadBalancerProps) {
    super(scope, id);
    const { deployment, settings, network, hub } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: 'Load balancer of the hub: HTTPS from the named OT networks',
      allowAllOutbound: false,
    });
    for (const { id: networkId, cidr } of props.otNetworks) {
      securityGroup.addIngressRule(Peer.ipv4(cidr), Port.HTTPS, `HTTPS from ${networkId}`);
    }
    hub.securityGroup.connections.allowFrom(securityGroup, Port.tcp(HUB_PORT), 'HTTP from the load balancer');
    // The L2 construct insists on two subnets.
    this.loadBalancer = new CfnLoadBalancer(this, 'LoadBalancer', {
      type: 'application',
      scheme: 'internal',
      ipAddressType: 'ipv4',
      subnets: [network.subnet.subnetId],
      securityGroups: [securityGroup.securityGroupId],
      loadBalancerAttributes: Object.entries({
        'deletion_protection.enabled': String(!deployment.deletesData),
        'routing.http.drop_invalid_header_fields.enabled': 'true',
        'routing.http.desync_mitigation_mode': 'strictest',
        'access_logs.s3.enabled': 'true',
        'access_logs.s3.bucket': props.accessLogs.bucketName,
        'access_logs.s3.prefix': HUB_LOG_PREFIX,
        // Live pages are one long answer, with a sign of life each few seconds.
        'idle_timeout.timeout_seconds': '120',
      }).map(([key, value]) => ({ key, value })),
    });
    haveOneSubnet(this.loadBalancer);
    const targetGroup = new ApplicationTargetGroup(this, 'Hub', {
      vpc: asVpc(network.vpc),
      protocol: ApplicationProtocol.HTTP,
      port: HUB_PORT,
      targetType: TargetType.IP,
      deregistrationDelay: Duration.seconds(10),
      healthCheck: { path: HEALTH_PATH, healthyHttpCodes: '200', interval: Duration.seconds(15) },
    });
    const listener = new CfnListener(this, 'Https', {
      loadBalancerArn: this.loadBalancer.ref,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: SslPolicy.TLS13_RES,
      certificates: [{ certificateArn: settings.certificateArn }],
      defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.targetGroupArn }],
    });
    hub.service.attachToApplicationTargetGroup(targetGroup);
    // ECS takes a target group only once a listener leads to it.
    hub.service.node.addDependency(listener);
    acknowledgeLoadBalancer(this);
  }
}
