import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, CfnResource, Stack, Stage, Validations } from 'aws-cdk-lib';
import { findingsIn } from '../../../lib/checks/findings.ts';
import { ResidencyChecks, residencyFaults } from '../../../lib/checks/residency.ts';
import { SiteNames } from '../../../lib/names.ts';
import { synthesizeText, testSite } from '../../support/synth.ts';

const NAMES = new SiteNames('plant-a');
const BASIC_INGEST = 'arn:aws:iot:eu-central-1:123456789012:topic/$aws/rules';

/** The rules that a template with this one resource breaks. */
function rulesOf(type: string, properties: object = {}): string[] {
  const template = { Resources: { It: { Type: type, Properties: properties } } };
  return residencyFaults(template, NAMES).map(({ rule }) => rule);
}

const policy = (statement: object) => ({ PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } });
const publish = (resource: unknown) => policy({ Action: ['iot:Connect', 'iot:Publish'], Resource: resource });

const variable = (name: string) => ['$', `{${name}}`].join('');

describe('the residency check refuses', () => {
  test.each<[string, string, object, string]>([
    ['the live raw rule', 'AWS::IoT::TopicRule', { RuleName: 'plantbridge_plant_a_live_raw' }, 'Residency-RawRule'],
    [
      'the backlog raw rule',
      'AWS::IoT::TopicRule',
      { RuleName: 'plantbridge_plant_a_backlog_raw' },
      'Residency-RawRule',
    ],
    ['the state rule', 'AWS::IoT::TopicRule', { RuleName: 'plantbridge_plant_a_state' }, 'Residency-RawRule'],
    [
      'a rule on all topics',
      'AWS::IoT::TopicRule',
      { TopicRulePayload: { Sql: "SELECT * FROM '#'" } },
      'Residency-RawRule',
    ],
    ['AWS Backup', 'AWS::Backup::BackupPlan', {}, 'Residency-Backup'],
    ['policies for snapshots', 'AWS::DLM::LifecyclePolicy', {}, 'Residency-Backup'],
    ['a SiteWise Edge gateway', 'AWS::IoTSiteWise::Gateway', {}, 'Residency-SiteWiseEdge'],
    ['training in the cloud', 'AWS::SageMaker::Pipeline', {}, 'Residency-Training'],
    ['a database with backups in the Region', 'AWS::RDS::DBInstance', { BackupTarget: 'region' }, 'Residency-Backup'],
    ['a database that says nothing of backups', 'AWS::RDS::DBInstance', {}, 'Residency-Backup'],
    [
      'logs of a database in the Region',
      'AWS::RDS::DBInstance',
      { BackupTarget: 'outposts', EnableCloudwatchLogsExports: ['postgresql'] },
      'Residency-Logs',
    ],
    [
      'statements of a database in the Region',
      'AWS::RDS::DBInstance',
      { BackupTarget: 'outposts', EnablePerformanceInsights: true },
      'Residency-Logs',
    ],
    [
      'logs of a container in the Region',
      'AWS::ECS::TaskDefinition',
      { ContainerDefinitions: [{ LogConfiguration: { LogDriver: 'awslogs' } }] },
      'Residency-Logs',
    ],
    [
      'a role that may publish to a raw rule',
      'AWS::IAM::Policy',
      publish(`${BASIC_INGEST}/plantbridge_plant_a_live_raw/*`),
      'Residency-Publish',
    ],
    [
      'a role that may publish to any rule',
      'AWS::IAM::ManagedPolicy',
      publish(`${BASIC_INGEST}/*`),
      'Residency-Publish',
    ],
    [
      'a role that may do anything in IoT',
      'AWS::IAM::Policy',
      policy({ Action: 'iot:*', Resource: '*' }),
      'Residency-Publish',
    ],
    [
      'a role that may do all but something',
      'AWS::IAM::Policy',
      policy({ NotAction: 'iam:*', NotResource: 'arn:aws:iam::*' }),
      'Residency-Publish',
    ],
    [
      'a policy within a role',
      'AWS::IAM::Role',
      { Policies: [publish([`${BASIC_INGEST}/plantbridge_plant_a_state/*`])] },
      'Residency-Publish',
    ],
    [
      'a device that may publish to raw rules',
      'AWS::IoT::Policy',
      publish({
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, `:iot:r:a:topic/$aws/rules/plantbridge_plant_a_live_raw/*`],
        ],
      }),
      'Residency-Publish',
    ],
    [
      'a name that is filled in later',
      'AWS::IoT::Policy',
      publish({
        'Fn::Sub': `arn:aws:iot:${variable('AWS::Region')}:a:topic/$aws/rules/plantbridge_plant_a_live_raw/*`,
      }),
      'Residency-Publish',
    ],
  ])('%s', (_, type, properties, rule) => expect(rulesOf(type, properties)).toEqual([rule]));
});

describe('the residency check takes', () => {
  test.each<[string, string, object]>([
    ['the rules of aggregates', 'AWS::IoT::TopicRule', { RuleName: 'plantbridge_plant_a_live_aggregates' }],
    ["another site's raw rule", 'AWS::IoT::TopicRule', { RuleName: 'plantbridge_plant_b_live_raw' }],
    ['a database with backups on the Outpost', 'AWS::RDS::DBInstance', { BackupTarget: 'outposts' }],
    [
      'logs that stay on the instance',
      'AWS::ECS::TaskDefinition',
      { ContainerDefinitions: [{ LogConfiguration: { LogDriver: 'json-file' } }] },
    ],
    ['roles for aggregates', 'AWS::IAM::Policy', publish(`${BASIC_INGEST}/plantbridge_plant_a_live_aggregates/*`)],
    ['roles that may only subscribe', 'AWS::IAM::Policy', policy({ Action: 'iot:Subscribe', Resource: '*' })],
    [
      'what is denied',
      'AWS::IAM::Policy',
      { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'iot:Publish', Resource: '*' }] } },
    ],
  ])('%s', (_, type, properties) => expect(rulesOf(type, properties)).toEqual([]));

  test('all stacks of a site that keeps its raw values', () => {
    const site = synthesizeText(testSite('aggregates'));
    const names = new SiteNames('aggregates');
    expect(site.stackIds).toContain('OnPrem');
    expect(site.stackIds.flatMap((id) => residencyFaults({ ...site.json(id) }, names))).toEqual([]);
  });
});

test('what it refuses ends the synthesis of that site, with the construct in the report, and of no other', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-residency-'));
  try {
    const app = new App({ outdir });
    for (const id of ['plant-a', 'plant-b']) {
      const stage = new Stage(app, id);
      new CfnResource(new Stack(stage, 'Ingest'), 'Plan', { type: 'AWS::Backup::BackupPlan' });
      if (id === 'plant-a') Validations.of(stage).addPlugins(new ResidencyChecks(NAMES));
    }
    expect(() => app.synth()).toThrow(/[Vv]alidation/);
    const found = findingsIn(outdir).filter(({ rule }) => rule.startsWith('Residency-'));
    expect(found.map(({ rule, constructPath }) => `${constructPath}: ${rule}`)).toEqual([
      'plant-a/Ingest/Plan: Residency-Backup',
    ]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
