import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesizeText, testSite } from '../../support/synth.ts';
import { ONE_OF_EACH, watchedStage } from '../constructs/observability/watched-stage.ts';

const checked = watchedStage(testSite('outpost-gen1'), ONE_OF_EACH, true);
const template = Template.fromJSON(checked.template);
const withoutGrafana = watchedStage(testSite('aggregates'), ONE_OF_EACH).template;

describe('the observability stack', () => {
  test('is not there in a pilot', () => {
    expect(synthesizeText(testSite('pilot')).stackIds).not.toContain('Observability');
  });

  test('passes all checks', () => {
    expect(checked.findings).toEqual([]);
  });

  test('subscribes nobody itself: the foundation does, with or without these alarms', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  test('says where the OEE dashboards are', () => {
    template.hasOutput('OeeDashboards', { Value: Match.anyValue() });
  });
});

describe('the data watch', () => {
  test('looks each minute at what arrives, and each hour at what can be trusted', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Input: '{"check":"arrival"}', DeadLetterConfig: Match.anyValue() })],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(10 * * * ? *)',
      Targets: [Match.objectLike({ Input: '{"check":"oee-quality"}', DeadLetterConfig: Match.anyValue() })],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('may read values and list names, and nothing of what lies in dead-letter buckets', () => {
    const actions = resourcesOf(checked.template, 'AWS::IAM::Policy')
      .filter(([id]) => id.includes('DataWatch'))
      .flatMap(([, { Properties }]) => {
        const document = Properties?.PolicyDocument as { Statement: { Action: string | string[] }[] } | undefined;
        return (document?.Statement ?? []).flatMap(({ Action }) => Action);
      });
    expect(actions.filter((action) => /^(iotsitewise|s3):/.test(action)).toSorted()).toEqual([
      'iotsitewise:BatchGetAssetPropertyAggregates',
      'iotsitewise:BatchGetAssetPropertyValue',
      'iotsitewise:ListTimeSeries',
      's3:ListBucket',
    ]);
  });
});

describe('the Grafana workspace', () => {
  test('is made only where the site file asks for one', () => {
    template.resourceCountIs('AWS::Grafana::Workspace', 1);
    expect(resourcesOf(withoutGrafana, 'AWS::Grafana::Workspace')).toEqual([]);
  });

  test('lets people in by Identity Center, and sees this account alone', () => {
    template.hasResourceProperties('AWS::Grafana::Workspace', {
      AccountAccessType: 'CURRENT_ACCOUNT',
      AuthenticationProviders: ['AWS_SSO'],
      PermissionType: 'CUSTOMER_MANAGED',
    });
  });

  test("has a role that only Grafana's workspaces of this account take on, and that reads only", () => {
    const [role] = resourcesOf(checked.template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('Grafana'));
    expect(role?.[1].Properties?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'grafana.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            StringLike: expect.anything(),
          },
        },
      ],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: ['iotsitewise:ExecuteQuery', 'iotsitewise:ListAssetModels'], Effect: 'Allow', Resource: '*' },
        ],
      },
    });
  });
});
