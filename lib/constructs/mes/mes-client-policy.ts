import { CfnOutput } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { MES_OPERATIONS } from '../../../core/mes/operations.ts';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeClientPolicy } from './acknowledgements.ts';

/** What a {@link MesClientPolicy} is made of. */
export interface MesClientPolicyProps {
  readonly deployment: Deployment;
  readonly api: RestApi;
}

/** For the role or user of the MES, where requests are signed by IAM: it may call the operations of this API, and nothing else. */
export class MesClientPolicy extends Construct {
  constructor(scope: Construct, id: string, { deployment, api }: MesClientPolicyProps) {
    super(scope, id);
    const { stageName } = api.deploymentStage;
    const resources = MES_OPERATIONS.map(({ method, resource }) =>
      api.arnForExecuteApi(method, resource.replaceAll(/\{\w+\}/g, '*'), stageName),
    );
    const policy = new ManagedPolicy(this, 'Policy', {
      description: `For the MES: call the API of ${deployment.names.prefix}`,
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
    acknowledgeClientPolicy(policy, resources);
    api.node.tryRemoveChild('Endpoint');
    const outputs = {
      MesApiUrl: { description: 'The MES API', value: api.url },
      MesClient: { description: 'The policy to attach to the role of the MES', value: policy.managedPolicyArn },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output).overrideLogicalId(name);
  }
}
