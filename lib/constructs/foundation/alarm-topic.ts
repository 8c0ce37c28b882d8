import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';

/** What an {@link AlarmTopic} is made of. */
export interface AlarmTopicProps {
  readonly deployment: Deployment;
  /** The site's key; its policy lets CloudWatch and EventBridge publish. */
  readonly key: IKey;
}

/**
 * Where the site's alarms go, and from there to people by e-mail (each confirms once, by the first mail). Encrypted, over TLS
 * only. The site's alarms and EventBridge rules of this account may publish; Device Defender and functions do so by their roles.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { deployment, key }: AlarmTopicProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    this.topic = new Topic(this, 'Topic', {
      displayName: `Plantbridge ${deployment.site.id}`,
      masterKey: key,
      enforceSSL: true,
    });
    // A topic with a policy of its own has lost the one that lets the services of its account publish.
    this.#allow('AlarmsOfTheSite', 'cloudwatch.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: {
        'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:${deployment.names.prefix}-*`,
      },
    });
    this.#allow('RulesOfTheAccount', 'events.amazonaws.com', { StringEquals: { 'aws:SourceAccount': account } });
    for (const email of new Set(deployment.site.observability.emails)) {
      this.topic.addSubscription(new EmailSubscription(email));
    }
  }

  #allow(sid: string, service: string, conditions: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals: [new ServicePrincipal(service)],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions,
      }),
    );
  }
}
