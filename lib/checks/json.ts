/** A JSON object of a template, whose shape nobody vouches for. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one where it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; IAM writes a list of one without brackets, so anything else but undefined is one. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Whether a value is one that only CloudFormation knows: `Ref`, `Fn::GetAtt`, `Fn::Join` and their like. */
export function isIntrinsic(value: unknown): boolean {
  const keys = Object.keys(objectOf(value));
  return keys.length === 1 && /^(Ref$|Fn::)/.test(keys[0] ?? '');
}

/**
 * The text of a value, as far as the template knows it: what only CloudFormation knows is `placeholder`. Undefined for
 * anything that is no text.
 */
export function textOf(value: unknown, placeholder = '…'): string | undefined {
  if (typeof value === 'string') return value;
  const [key, inner] = Object.entries(objectOf(value))[0] ?? [];
  if (!isIntrinsic(value) || key === undefined) return undefined;
  if (key === 'Fn::Join') {
    const [separator, parts] = listOf(inner);
    return listOf(parts)
      .map((part) => textOf(part, placeholder) ?? placeholder)
      .join(typeof separator === 'string' ? separator : '');
  }
  if (key === 'Fn::Sub') {
    const [text] = listOf(inner);
    if (typeof text !== 'string') return placeholder;
    return text.replaceAll(/\$\{(!?)[^}]*\}/g, (found, literal: string) =>
      literal === '' ? placeholder : found.replace('!', ''),
    );
  }
  return placeholder;
}

/** All texts anywhere in a value, with the way to each: `A.B[0]`. */
export function* textsIn(value: unknown, at = ''): Generator<{ readonly at: string; readonly text: string }> {
  if (typeof value === 'string') yield { at, text: value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, `${at}[${index}]`);
  else
    for (const [key, item] of Object.entries(objectOf(value))) yield* textsIn(item, at === '' ? key : `${at}.${key}`);
}

/** A value as a message shows it: JSON, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
