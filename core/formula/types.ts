/** What goes into and comes out of a formula. */

/** A result: DOUBLE or STRING. Booleans are 1 and 0. */
export type FormulaValue = number | string;

export type Quality = 'GOOD' | 'BAD' | 'UNCERTAIN';

/** One value of a property. Only GOOD points with a value that is neither null nor NaN nor infinite count. */
export interface Point {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly t: number;
  readonly value: number | string | boolean | null;
  /** @default 'GOOD' */
  readonly quality?: Quality;
}

/** The data type of a property that a variable stands for. */
export type DataType = 'DOUBLE' | 'INTEGER' | 'BOOLEAN' | 'STRING';

/** What kind of property a variable stands for. */
export type VariableSource = 'measurement' | 'attribute' | 'transform' | 'metric';

/** A variable of an expression. */
export interface VariableDeclaration {
  /** `UNKNOWN` where only the data tells: then types are not checked beforehand. */
  readonly dataType: DataType | 'UNKNOWN';
  readonly source: VariableSource;
  /** Whether it is a property of the child assets: then it has one series per child, and only aggregations take it. @default false */
  readonly fromChildren?: boolean;
}

export type Variables = ReadonlyMap<string, VariableDeclaration>;

/**
 * Where an expression is used: a SiteWise metric (one value a window), a SiteWise transform (one value a new input), or a
 * condition (this project's local rules: the functions of a transform without history, over the latest values).
 */
export type FormulaKind = 'metric' | 'transform' | 'condition';

/** What an expression's result is, as far as it can be known without data. */
export type ResultType = 'DOUBLE' | 'STRING' | 'UNKNOWN';
