import { isIntrinsic, type JsonObject, listOf, objectOf } from '../json.ts';
import { type CheckRule, type Fault, mustBe, resourceRule } from '../rule.ts';

const MODEL = ['AWS::IoTSiteWise::AssetModel'];
/** AWS IoT SiteWise quotas, fixed: variables an expression, characters of an expression and of a variable's name. */
const MOST_VARIABLES = 10;
const LONGEST_EXPRESSION = 1024;
const LONGEST_VARIABLE = 64;
const TYPE_NAMES = ['Attribute', 'Measurement', 'Transform', 'Metric'];
const DATA_TYPES = ['STRING', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'STRUCT'];
const MINUTES_OF_UNIT: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };

interface Placed {
  readonly at: string;
  readonly item: JsonObject;
}

/** The properties of a model and of its composite models, each with its place. */
function propertiesOf(model: JsonObject): Placed[] {
  const composites = listOf(model.AssetModelCompositeModels).flatMap((composite, index) =>
    placed(
      `AssetModelCompositeModels[${index}].CompositeModelProperties`,
      objectOf(composite).CompositeModelProperties,
    ),
  );
  return [...placed('AssetModelProperties', model.AssetModelProperties), ...composites];
}

function placed(at: string, items: unknown): Placed[] {
  return listOf(items).map((item, index) => ({ at: `${at}[${index}]`, item: objectOf(item) }));
}

/** Whether something that SiteWise names by an id of ours has one. */
function isNamed(item: JsonObject): boolean {
  return item.LogicalId !== undefined || item.ExternalId !== undefined || item.Id !== undefined;
}

function* identityFaults(model: JsonObject): Generator<Fault> {
  const items = [...propertiesOf(model), ...placed('AssetModelHierarchies', model.AssetModelHierarchies)];
  for (const { at, item } of items)
    if (!isNamed(item))
      yield {
        at,
        text: `must have a LogicalId or an ExternalId, got: neither (Name: "${item.Name}"). Without one each update makes a new property and the old one's data goes`,
      };
}

function* typeFaults(model: JsonObject): Generator<Fault> {
  for (const { at, item } of propertiesOf(model)) {
    const { TypeName, ...details } = objectOf(item.Type);
    if (!TYPE_NAMES.includes(String(TypeName)))
      yield mustBe(`${at}.Type.TypeName`, 'Attribute, Measurement, Transform or Metric', TypeName);
    if (!DATA_TYPES.includes(String(item.DataType)))
      yield mustBe(`${at}.DataType`, DATA_TYPES.join(', '), item.DataType);
    // There is no details object of a measurement; an attribute may go without.
    for (const name of ['Transform', 'Metric'])
      if (TypeName === name && details[name] === undefined)
        yield mustBe(`${at}.Type.${name}`, 'an expression with its variables', undefined);
    for (const name of Object.keys(details))
      if (name !== TypeName || name === 'Measurement')
        yield { at: `${at}.Type.${name}`, text: `must be absent, since the type is ${TypeName}, got: an object` };
  }
}

function* expressionFaults(model: JsonObject): Generator<Fault> {
  for (const { at, item } of propertiesOf(model)) {
    const type = objectOf(item.Type);
    for (const kind of ['Transform', 'Metric']) {
      if (type[kind] === undefined) continue;
      const { Expression, Variables } = objectOf(type[kind]);
      const place = `${at}.Type.${kind}`;
      const length = typeof Expression === 'string' ? Expression.length : undefined;
      if (length === undefined || length === 0 || length > LONGEST_EXPRESSION)
        yield {
          at: `${place}.Expression`,
          text: `must be an expression of 1 to ${LONGEST_EXPRESSION} characters, got: ${length ?? 'none'}. Split it over two properties`,
        };
      const variables = listOf(Variables).map(objectOf);
      if (variables.length > MOST_VARIABLES)
        yield {
          at: `${place}.Variables`,
          text: `must be at most ${MOST_VARIABLES}, got: ${variables.length}. AWS raises this limit for nobody: add a property between`,
        };
      for (const [index, { Name, Value }] of variables.entries()) {
        const where = `${place}.Variables[${index}]`;
        if (typeof Name !== 'string' || !/^[a-z][a-z0-9_]*$/.test(Name) || Name.length > LONGEST_VARIABLE)
          yield mustBe(`${where}.Name`, `lower-case letters, digits and "_", ${LONGEST_VARIABLE} at most`, Name);
        const { PropertyLogicalId, PropertyExternalId, PropertyId, PropertyPath } = objectOf(Value);
        if ([PropertyLogicalId, PropertyExternalId, PropertyId, PropertyPath].every((each) => each === undefined))
          yield mustBe(`${where}.Value`, 'a property by its logical, external or own id', Value);
      }
    }
  }
}

function windowMinutes(window: unknown): number | undefined {
  const [, count, unit = ''] = /^(\d+)([mhdw])$/.exec(String(window)) ?? [];
  const minutes = MINUTES_OF_UNIT[unit];
  return count === undefined || minutes === undefined ? undefined : Number(count) * minutes;
}

function* windowFaults(model: JsonObject): Generator<Fault> {
  for (const { at, item } of propertiesOf(model)) {
    const type = objectOf(item.Type);
    if (type.Metric === undefined) continue;
    const tumbling = objectOf(objectOf(objectOf(type.Metric).Window).Tumbling);
    const { Interval, Offset } = tumbling;
    const place = `${at}.Type.Metric.Window.Tumbling`;
    if (isIntrinsic(Interval)) continue;
    const minutes = windowMinutes(Interval);
    if (minutes === undefined || minutes < 1 || minutes > 10_080)
      yield mustBe(`${place}.Interval`, '1 minute to 1 week in m, h, d or w, e.g. "5m"', Interval);
    if (Offset !== undefined && windowMinutes(Offset) === undefined && Number.isNaN(Date.parse(String(Offset))))
      yield mustBe(`${place}.Offset`, 'a time in m, h, d or w, or a date and time with its zone', Offset);
  }
}

/** What AWS IoT SiteWise asks of asset models beyond the types that CDK's validator knows. */
export const SITEWISE_MODEL_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-ModelIds',
    'Each property and hierarchy of an asset model has a logical or external id.',
    MODEL,
    ({ properties }) => identityFaults(properties),
  ),
  resourceRule(
    'Plantbridge-ModelTypes',
    'The type of a property is exactly Attribute, Measurement, Transform or Metric, with only its own details.',
    MODEL,
    ({ properties }) => typeFaults(properties),
  ),
  resourceRule(
    'Plantbridge-ModelExpressions',
    `Expressions have at most ${LONGEST_EXPRESSION} characters and ${MOST_VARIABLES} variables, whose names SiteWise takes.`,
    MODEL,
    ({ properties }) => expressionFaults(properties),
  ),
  resourceRule(
    'Plantbridge-MetricWindows',
    'A metric has a tumbling window of a minute to a week.',
    MODEL,
    ({ properties }) => windowFaults(properties),
  ),
];
