import { type JsonObject, listOf, objectOf, textOf, textsIn } from '../json.ts';
import { type CheckRule, type Fault, mustBe, resourceRule } from '../rule.ts';

const RULE = ['AWS::IoT::TopicRule'];
/** AWS IoT Core's limit of actions a rule. */
const MOST_ACTIONS = 10;

function* ruleFaults({ RuleName, TopicRulePayload }: JsonObject): Generator<Fault> {
  const { Actions, ErrorAction, Sql } = objectOf(TopicRulePayload);
  if (RuleName !== undefined && !/^[a-zA-Z0-9_]{1,128}$/.test(textOf(RuleName, '_') ?? ''))
    yield mustBe('RuleName', 'letters, digits and "_", 128 at most', RuleName);
  const actions = listOf(Actions).length;
  if (actions < 1 || actions > MOST_ACTIONS)
    yield { at: 'TopicRulePayload.Actions', text: `must be 1 to ${MOST_ACTIONS} actions, got: ${actions}` };
  if (Object.keys(objectOf(ErrorAction)).length === 0)
    yield mustBe(
      'TopicRulePayload.ErrorAction',
      'an action for what failed',
      ErrorAction,
      "IoT Core acknowledges a message before the rule's actions ran: without one it is lost",
    );
  // Seven slashes at most; Basic Ingest's prefix does not count.
  const topic = /FROM\s+'([^']*)'/i.exec(textOf(Sql) ?? '')?.[1];
  if (topic !== undefined && topic.replace(/^\$aws\/rules\/[^/]+\//, '').split('/').length > 8)
    yield mustBe('TopicRulePayload.Sql', 'a topic of at most seven slashes', topic);
}

/** The values of all SiteWise actions of a rule, each with its place. */
function* sitewiseFaults({ TopicRulePayload }: JsonObject): Generator<Fault> {
  const { Actions, ErrorAction } = objectOf(TopicRulePayload);
  for (const [index, action] of [...listOf(Actions), ErrorAction].entries()) {
    const { PutAssetPropertyValueEntries } = objectOf(objectOf(action).IotSiteWise);
    for (const [number, entry] of listOf(PutAssetPropertyValueEntries).entries())
      for (const [which, value] of listOf(objectOf(entry).PropertyValues).entries())
        yield* valueFaults(
          `TopicRulePayload.Actions[${index}].IotSiteWise.PutAssetPropertyValueEntries[${number}].PropertyValues[${which}]`,
          objectOf(value),
        );
  }
}

function* valueFaults(at: string, { Value, Timestamp, Quality }: JsonObject): Generator<Fault> {
  const { TimeInSeconds, OffsetInNanos } = objectOf(Timestamp);
  const values = Object.entries(objectOf(Value)).map(([key, value]) => [`Value.${key}`, value] as const);
  if (values.length !== 1) yield mustBe(`${at}.Value`, 'one value', Value);
  for (const [key, value] of [
    ...values,
    ['Timestamp.TimeInSeconds', TimeInSeconds],
    ['Timestamp.OffsetInNanos', OffsetInNanos],
    ['Quality', Quality],
  ] as const)
    if (value !== undefined && textOf(value) === undefined)
      yield mustBe(`${at}.${key}`, 'a string or a template of the rule', value);
  if (TimeInSeconds === undefined)
    yield mustBe(`${at}.Timestamp.TimeInSeconds`, "the payload's own seconds", undefined);
  for (const found of textsIn(Timestamp))
    if (/\btimestamp\s*\(\s*\)/i.test(found.text))
      yield mustBe(
        `${at}.Timestamp.${found.at}`,
        "the payload's own time",
        found.text,
        'timestamp() is when IoT Core got the message: late data would be stored at the wrong time',
      );
}

/** Client ids in IoT policies: `gw-1*` is also `gw-10`. */
function* clientFaults({ PolicyDocument }: JsonObject): Generator<Fault> {
  for (const [index, statement] of listOf(objectOf(PolicyDocument).Statement).entries())
    for (const resource of listOf(objectOf(statement).Resource)) {
      const text = textOf(resource);
      if (text !== undefined && /:client\/.*[^#/]\*$/.test(text))
        yield mustBe(
          `PolicyDocument.Statement[${index}].Resource`,
          'client ids like client/NAME and client/NAME#*',
          text,
          'NAME* also lets NAME0 in',
        );
    }
}

/** What AWS IoT Core asks of rules and policies, and what loses data where nobody looks. */
export const IOT_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-TopicRule',
    `An IoT rule has a name that IoT Core takes, 1 to ${MOST_ACTIONS} actions, an error action, and topics of at most seven slashes.`,
    RULE,
    ({ properties }) => ruleFaults(properties),
  ),
  resourceRule(
    'Plantbridge-SiteWiseAction',
    "Values of a SiteWise action are strings or templates, with the payload's own time.",
    RULE,
    ({ properties }) => sitewiseFaults(properties),
  ),
  resourceRule(
    'Plantbridge-ClientIds',
    'An IoT policy allows client ids exactly, or with "#" before "*".',
    ['AWS::IoT::Policy'],
    ({ properties }) => clientFaults(properties),
  ),
];
