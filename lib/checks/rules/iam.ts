import { type JsonObject, listOf, objectOf, textOf } from '../json.ts';
import { type CheckedResource, type CheckRule, type Fault, mustBe, resourceRule } from '../rule.ts';

const WITH_STATEMENTS = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::IoT::Policy',
];
const RESOURCE_POLICIES = [
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::Events::EventBusPolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::KMS::Key',
  'AWS::Kinesis::ResourcePolicy',
  'AWS::ApiGateway::RestApi',
  'AWS::S3Outposts::BucketPolicy',
];

interface PlacedStatement {
  readonly at: string;
  readonly statement: JsonObject;
}

function* documentStatements(at: string, document: unknown): Generator<PlacedStatement> {
  for (const [index, statement] of listOf(objectOf(document).Statement).entries())
    yield { at: `${at}.Statement[${index}]`, statement: objectOf(statement) };
}

/** The statements of a policy, a role's inline policies, and their like. */
function* statementsOf({ properties }: CheckedResource): Generator<PlacedStatement> {
  yield* documentStatements('PolicyDocument', properties.PolicyDocument);
  for (const [index, policy] of listOf(properties.Policies).entries())
    yield* documentStatements(`Policies[${index}].PolicyDocument`, objectOf(policy).PolicyDocument);
}

function* actionFaults(resource: CheckedResource): Generator<Fault> {
  for (const { at, statement } of statementsOf(resource)) {
    if (statement.Effect !== 'Allow') continue;
    for (const key of ['NotAction', 'NotResource'])
      if (statement[key] !== undefined)
        yield {
          at: `${at}.${key}`,
          text: `must be absent from what is allowed, got: ${JSON.stringify(statement[key])}. Name what is needed`,
        };
    for (const action of listOf(statement.Action))
      if (/^(\*|[\w-]+:\*)$/.test(textOf(action) ?? '*'))
        yield mustBe(
          `${at}.Action`,
          'the actions that are needed',
          action,
          'All of a service is never needed: name them, or use a grant method',
        );
  }
}

function* managedPolicyFaults({ properties }: CheckedResource): Generator<Fault> {
  for (const [index, policy] of listOf(properties.ManagedPolicyArns).entries())
    if (/(AdministratorAccess|PowerUserAccess|FullAccess)$/.test(textOf(policy) ?? ''))
      yield mustBe(`ManagedPolicyArns[${index}]`, 'a policy of what is needed', textOf(policy));
}

/** Whether an allowing statement is open to everyone. */
function isOpen(statement: JsonObject): boolean {
  const { Effect, Principal, Condition } = statement;
  const principals = typeof Principal === 'string' ? [Principal] : listOf(objectOf(Principal).AWS);
  return Effect === 'Allow' && principals.includes('*') && Object.keys(objectOf(Condition)).length === 0;
}

function* principalFaults({ properties }: CheckedResource): Generator<Fault> {
  for (const key of ['PolicyDocument', 'KeyPolicy', 'Policy', 'Statement', 'ResourcePolicy'])
    for (const { at, statement } of documentStatements(key, properties[key]))
      if (isOpen(statement))
        yield mustBe(
          `${at}.Principal`,
          'somebody, or "*" with a condition',
          statement.Principal,
          'This lets the whole world in',
        );
}

/** What identity and resource policies never need. A `*` resource asks cdk-nag's AwsSolutions-IAM5 for its reason. */
export const IAM_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-Actions',
    'A policy allows named actions: never "*", all of a service, or all but some.',
    WITH_STATEMENTS,
    actionFaults,
  ),
  resourceRule(
    'Plantbridge-ManagedPolicies',
    "A role has none of AWS's policies that allow everything of a service.",
    ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
    managedPolicyFaults,
  ),
  resourceRule(
    'Plantbridge-Principals',
    'A resource policy opens to nobody unnamed without a condition.',
    RESOURCE_POLICIES,
    principalFaults,
  ),
];
