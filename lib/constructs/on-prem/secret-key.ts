import { Stack } from 'aws-cdk-lib';
import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/**
 * Lets ECS decrypt a task's secrets, through Secrets Manager alone. The right stands with the role: in the key's policy it would
 * tie the stack of the key to this one.
 */
export function letDecryptSecrets(taskDefinition: TaskDefinition, key: IKey): void {
  const { region } = Stack.of(taskDefinition);
  taskDefinition.addToExecutionRolePolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
    }),
  );
}
