import { isIntrinsic, type JsonObject, listOf, objectOf, textOf } from '../json.ts';
import {
  type CheckedResource,
  type CheckedStack,
  type CheckRule,
  type Fault,
  mustBe,
  resourceRule,
  resourcesOfTypes,
} from '../rule.ts';

/** Services that call a function without waiting for it: what fails is lost unless the function has a failure destination. */
const ASYNCHRONOUS_CALLERS = [
  's3.amazonaws.com',
  'sns.amazonaws.com',
  'iot.amazonaws.com',
  'ses.amazonaws.com',
  'logs.amazonaws.com',
];

function* mappingFaults({ properties }: CheckedResource): Generator<Fault> {
  const source = JSON.stringify(properties.EventSourceArn ?? '');
  // A queue keeps what failed, and has a dead-letter queue by its own rule.
  const isStream = properties.StartingPosition !== undefined || /kinesis|dynamodb/i.test(source);
  if (!isStream) {
    if (!listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'))
      yield mustBe('FunctionResponseTypes', '["ReportBatchItemFailures"]', properties.FunctionResponseTypes);
    return;
  }
  const { OnFailure } = objectOf(properties.DestinationConfig);
  if (objectOf(OnFailure).Destination === undefined)
    yield mustBe(
      'DestinationConfig.OnFailure',
      'a queue, topic or bucket',
      undefined,
      'What a batch failed with is lost otherwise',
    );
  if (properties.BisectBatchOnFunctionError !== true)
    yield mustBe(
      'BisectBatchOnFunctionError',
      'true',
      properties.BisectBatchOnFunctionError,
      'One bad record holds up the shard otherwise',
    );
  if (!listOf(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'))
    yield mustBe('FunctionResponseTypes', '["ReportBatchItemFailures"]', properties.FunctionResponseTypes);
  for (const key of ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'])
    if (typeof properties[key] === 'number' && properties[key] >= 0) return;
  yield mustBe(
    'MaximumRetryAttempts',
    'a number',
    undefined,
    'A bad record is tried for as long as the stream keeps it otherwise',
  );
}

/** The targets of an EventBridge rule, or the one of a schedule. */
function* targetFaults({ Targets, Target }: JsonObject): Generator<Fault> {
  const targets = Target === undefined ? listOf(Targets) : [Target];
  for (const [index, target] of targets.entries())
    if (objectOf(objectOf(target).DeadLetterConfig).Arn === undefined)
      yield mustBe(
        Target === undefined ? `Targets[${index}].DeadLetterConfig` : 'Target.DeadLetterConfig',
        'a queue',
        undefined,
        'EventBridge drops what it could not deliver in a day otherwise',
      );
}

/** The logical id that a reference within the stack leads to. */
function referred(value: unknown): string | undefined {
  if (!isIntrinsic(value)) return undefined;
  const { Ref, 'Fn::GetAtt': attribute } = objectOf(value);
  const id = Ref ?? listOf(attribute)[0];
  return typeof id === 'string' ? id : undefined;
}

/** Queues that take what failed elsewhere: they need no such queue themselves. */
function deadLetterQueues(stack: CheckedStack): Set<string> {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) collect(item);
    else
      for (const [key, item] of Object.entries(objectOf(value))) {
        const arn = DEAD_LETTER_KEYS[key]?.(item);
        const id = referred(arn);
        if (id !== undefined) found.add(id);
        collect(item);
      }
  };
  for (const { properties } of stack.resources) collect(properties);
  return found;
}

const DEAD_LETTER_KEYS: Readonly<Record<string, (value: unknown) => unknown>> = {
  RedrivePolicy: (value) => objectOf(value).deadLetterTargetArn,
  DeadLetterConfig: (value) => objectOf(value).Arn ?? objectOf(value).TargetArn,
  OnFailure: (value) => objectOf(value).Destination,
  ErrorAction: (value) => objectOf(objectOf(value).Sqs).QueueUrl,
};

function* queueFaults(stack: CheckedStack): Generator<CheckedResource> {
  const deadLetters = deadLetterQueues(stack);
  for (const resource of resourcesOfTypes([stack], ['AWS::SQS::Queue']))
    if (resource.properties.RedrivePolicy === undefined && !deadLetters.has(resource.logicalId)) yield resource;
}

function* asynchronousFunctions(stack: CheckedStack): Generator<readonly [CheckedResource, string]> {
  const configured = new Set<string>();
  for (const { properties } of resourcesOfTypes([stack], ['AWS::Lambda::EventInvokeConfig']))
    if (objectOf(objectOf(properties.DestinationConfig).OnFailure).Destination !== undefined)
      configured.add(referred(properties.FunctionName) ?? '');
  const functions = new Map(
    [...resourcesOfTypes([stack], ['AWS::Lambda::Function'])].map((each) => [each.logicalId, each]),
  );
  for (const { properties } of resourcesOfTypes([stack], ['AWS::Lambda::Permission'])) {
    const id = referred(properties.FunctionName) ?? '';
    const called = functions.get(id);
    const principal = String(properties.Principal);
    // AWS IoT waits for the answer of a provisioning hook: the device is told when there is none.
    const isHook = textOf(properties.SourceArn)?.includes(':provisioningtemplate/') === true;
    if (
      !isHook &&
      called !== undefined &&
      ASYNCHRONOUS_CALLERS.includes(principal) &&
      !configured.has(id) &&
      called.properties.DeadLetterConfig === undefined
    )
      yield [called, principal];
  }
}

/** Nothing that failed is dropped in silence. */
export const FAILURE_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-EventSource',
    'An event source tells single failures of a batch; that of a stream bisects, ends its retries, and has a failure destination.',
    ['AWS::Lambda::EventSourceMapping'],
    mappingFaults,
  ),
  resourceRule(
    'Plantbridge-EventTarget',
    'Each target of an EventBridge rule or schedule has a dead-letter queue.',
    ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'],
    ({ properties }) => targetFaults(properties),
  ),
  resourceRule(
    'Plantbridge-Subscription',
    'A subscription of a queue, a function or an address has a dead-letter queue; one by e-mail knows none.',
    ['AWS::SNS::Subscription'],
    function* ({ properties: { Protocol, RedrivePolicy } }) {
      if (!['email', 'email-json', 'sms'].includes(String(Protocol)) && RedrivePolicy === undefined)
        yield mustBe('RedrivePolicy', 'a dead-letter queue', undefined);
    },
  ),
  {
    id: 'Plantbridge-DeadLetters',
    asks: 'Each queue has a dead-letter queue, or is one; each function that is called without an answer has a failure destination.',
    *faults(stacks) {
      for (const stack of stacks) {
        for (const resource of queueFaults(stack))
          yield { ...mustBe('RedrivePolicy', 'a dead-letter queue', undefined), stack, resource };
        for (const [resource, caller] of asynchronousFunctions(stack))
          yield {
            at: '',
            stack,
            resource,
            text: `must have a failure destination, got: none, while ${caller} calls it without waiting for its answer. Give it onFailure`,
          };
      }
    },
  },
];
