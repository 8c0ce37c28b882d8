import { Tags } from 'aws-cdk-lib';
import { AutoScalingGroup, GroupMetrics, UpdatePolicy } from 'aws-cdk-lib/aws-autoscaling';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  Peer,
  Port,
  SecurityGroup,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, AsgCapacityProvider, type Cluster, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import { acknowledgeInstances } from './acknowledgements.ts';
import { asVpc } from './interfaces.ts';
import type { OnPremNetwork } from './network.ts';

/** Root disk: the system, images and, with `residency: aggregates`, the logs, GB. */
const ROOT_DISK_GIGABYTES = 50;

/** What {@link OutpostInstances} are made for. */
export interface OutpostInstancesProps {
  readonly outpost: OutpostConfig;
  readonly network: OnPremNetwork;
  readonly cluster: Cluster;
  readonly key: IKey;
  readonly count: number;
  /** What the instances are for: the value of their ECS attribute `plantbridge.role`. */
  readonly role: 'hub' | 'historian';
  /** Further commands at an instance's first start, before the ECS agent. @default none */
  readonly commands?: readonly string[];
}

/** The ECS attribute by which services choose instances. */
export const ROLE_ATTRIBUTE = 'plantbridge.role';

/**
 * A fixed number of EC2 instances on the Outpost as capacity of an ECS cluster. The number is fixed because an Outpost's
 * capacity is: a spare that runs already is what helps when the service link is lost, as none can be launched then.
 */
export class OutpostInstances extends Construct {
  readonly group: AutoScalingGroup;
  readonly instanceRole: Role;
  readonly securityGroup: SecurityGroup;
  readonly capacityProvider: AsgCapacityProvider;

  constructor(scope: Construct, id: string, props: OutpostInstancesProps) {
    super(scope, id);
    const { outpost, network, cluster, key, count } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(network.vpc),
      description: `Instances on the Outpost for the ${props.role}: no way in`,
      allowAllOutbound: false,
    });
    // Route tables bound it: the VPC's endpoints, and nothing on the internet. S3's addresses can't be named in a template.
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'HTTPS to VPC endpoints and S3');
    this.instanceRole = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: `EC2 instances on the Outpost: ${props.role}`,
    });
    const userData = UserData.forLinux();
    userData.addCommands(
      // Without the service link no image can be looked up in ECR: take the one that is there.
      'echo ECS_IMAGE_PULL_BEHAVIOR=prefer-cached >> /etc/ecs/ecs.config',
      'echo ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true >> /etc/ecs/ecs.config',
      `echo 'ECS_INSTANCE_ATTRIBUTES=${JSON.stringify({ [ROLE_ATTRIBUTE]: props.role })}' >> /etc/ecs/ecs.config`,
      ...(props.commands ?? []),
    );
    const launchTemplate = new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: new InstanceType(outpost.instanceType),
      machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.STANDARD),
      role: this.instanceRole,
      securityGroup: this.securityGroup,
      userData,
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // Containers have a network of their own, one hop further: they don't reach the instance's credentials.
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          // Outposts have gp2 disks; gp3 is not to be had on each.
          volume: BlockDeviceVolume.ebs(ROOT_DISK_GIGABYTES, {
            volumeType: EbsDeviceVolumeType.GP2,
            encrypted: true,
            kmsKey: key,
            deleteOnTermination: true,
          }),
        },
      ],
    });
    this.group = new AutoScalingGroup(this, 'Group', {
      vpc: asVpc(network.vpc),
      vpcSubnets: network.selection,
      launchTemplate,
      minCapacity: count,
      maxCapacity: count,
      groupMetrics: [GroupMetrics.all()],
      // No room for more on the Outpost than was ordered: an old instance goes before a new one comes.
      updatePolicy: UpdatePolicy.rollingUpdate({ maxBatchSize: 1, minInstancesInService: count - 1 }),
    });
    // An instance needs its rights at its first start.
    this.group.node.addDependency(this.instanceRole);
    Tags.of(this.group).add('Name', `plantbridge-${props.role}`);
    this.capacityProvider = new AsgCapacityProvider(this, 'Capacity', {
      autoScalingGroup: this.group,
      enableManagedScaling: false,
      // Needs managed scaling; a fixed number is never scaled in.
      enableManagedTerminationProtection: false,
      enableManagedDraining: true,
    });
    cluster.addAsgCapacityProvider(this.capacityProvider);
    acknowledgeInstances(this);
  }
}
