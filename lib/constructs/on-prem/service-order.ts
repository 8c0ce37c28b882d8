import type { BaseService, Cluster, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Dependable, type IConstruct, type IDependable } from 'constructs';

/**
 * Makes a service wait for what its first task needs: ECS refuses a service whose capacity provider is not yet its cluster's,
 * and a task can't start before its execution role may pull the image and read the secrets. CDK orders neither.
 */
export function orderService(service: BaseService, cluster: Cluster, taskDefinition: TaskDefinition): void {
  service.node.addDependency(capacityOf(cluster), taskDefinition.obtainExecutionRole());
}

/** The association of a cluster with its capacity providers, which CDK makes only when it synthesizes. */
function capacityOf(cluster: Cluster): IDependable {
  const capacity = {};
  Dependable.implement(capacity, {
    get dependencyRoots(): IConstruct[] {
      const association = cluster.node.tryFindChild(cluster.node.id);
      if (association === undefined) throw new Error(`${cluster.node.path} has no capacity provider.`);
      return [association];
    },
  });
  return capacity;
}
