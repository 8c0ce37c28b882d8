import { parseWindow, WindowError } from '../formula/index.ts';
import { isId } from '../path.ts';
import type { SitePath } from '../site/fault.ts';
import type { FaultList } from './fault-list.ts';
import type { AssetModelFile } from './model.ts';
import type { PropertyDefinition } from './schema.ts';

/** What can be said of a model file by itself: ids and names, windows, signals, attributes. */
export function checkStructure(file: AssetModelFile, faults: FaultList): void {
  const { definition } = file;
  checkUnique(file, faults, ['properties'], definition.properties, 'id');
  checkUnique(file, faults, ['properties'], definition.properties, 'name');
  checkUnique(file, faults, ['hierarchies'], definition.hierarchies, 'id');
  checkUnique(file, faults, ['hierarchies'], definition.hierarchies, 'name');
  for (const [index, window] of definition.windows.entries()) checkWindow(file, faults, ['windows', index], window);
  for (const [index, window] of definition.windows.entries()) {
    if (definition.windows.indexOf(window) === index) continue;
    faults.add(file, ['windows', index], 'twice', { message: 'stands twice', got: window });
  }
  for (const [index, property] of definition.properties.entries()) {
    checkProperty(file, faults, ['properties', index], property);
  }
  for (const [option, { properties }] of Object.entries(definition.options)) {
    const path = ['options', option, 'properties'];
    checkUnique(file, faults, path, properties, 'id');
    for (const [index, property] of properties.entries()) {
      checkProperty(file, faults, [...path, index], property);
      const replaced = definition.properties.find((other) => other.id === property.id);
      if (replaced === undefined || (replaced.type === property.type && replaced.dataType === property.dataType))
        continue;
      faults.add(file, [...path, index], 'replaces', {
        message: 'takes the place of a property of another type, which would delete its data',
        got: `${property.type} ${property.dataType}`,
        allowed: `${replaced.type} ${replaced.dataType}`,
      });
    }
  }
}

function checkUnique<Key extends 'id' | 'name'>(
  file: AssetModelFile,
  faults: FaultList,
  path: SitePath,
  list: readonly Readonly<Record<Key, string>>[],
  key: Key,
): void {
  for (const [index, entry] of list.entries()) {
    const first = list.findIndex((other) => other[key] === entry[key]);
    if (first === index) continue;
    faults.add(file, [...path, index, key], 'unique', {
      message: `must be unique within the model, but number ${first + 1} of the list has it too`,
      got: entry[key],
    });
  }
}

function checkProperty(file: AssetModelFile, faults: FaultList, path: SitePath, property: PropertyDefinition): void {
  const isTemplate = property.id.includes('{window}');
  if (isTemplate && file.definition.windows.length === 0) {
    faults.add(file, [...path, 'id'], 'windows', {
      message: 'stands for one property a window, but the model has no windows',
      got: property.id,
      hint: 'Add windows, e.g. windows: [15m, 1h, 1d]',
    });
  }
  if (isTemplate && !property.name.includes('{window}')) {
    faults.add(file, [...path, 'name'], 'template', {
      message: 'must hold {window} as the id does: names are unique within a model',
      got: property.name,
    });
  }
  switch (property.type) {
    case 'Attribute':
      checkDefault(file, faults, path, property);
      break;
    case 'Measurement':
      if (property.signal === undefined || property.signal === '.' || isId(property.signal)) break;
      faults.add(file, [...path, 'signal'], 'signal', {
        message: 'is not the id of a signal',
        got: property.signal,
        allowed: 'a lower-case kebab id such as run-s, or "." for the asset\'s own path',
      });
      break;
    case 'Metric':
      checkMetricWindow(file, faults, path, property, isTemplate);
      checkResult(file, faults, path, property);
      break;
    case 'Transform':
      checkResult(file, faults, path, property);
      break;
  }
}

function checkMetricWindow(
  file: AssetModelFile,
  faults: FaultList,
  path: SitePath,
  metric: Extract<PropertyDefinition, { type: 'Metric' }>,
  isTemplate: boolean,
): void {
  const { window, offset } = metric;
  if (window === '{window}') {
    if (isTemplate) return;
    faults.add(file, [...path, 'window'], 'template', {
      message: 'is {window}, but the id holds no {window}: there would be several properties with one id',
      got: metric.id,
    });
    return;
  }
  checkWindow(file, faults, [...path, 'window'], window, offset);
}

function checkWindow(file: AssetModelFile, faults: FaultList, path: SitePath, window: string, offset?: string): void {
  try {
    parseWindow(window, offset);
  } catch (error) {
    if (!(error instanceof WindowError)) throw error;
    faults.add(file, path, 'window', { message: `is no window of a metric: ${error.message}` });
  }
}

/** Results of expressions are DOUBLE or STRING. */
function checkResult(file: AssetModelFile, faults: FaultList, path: SitePath, property: PropertyDefinition): void {
  if (property.dataType === 'DOUBLE' || property.dataType === 'STRING') return;
  faults.add(file, [...path, 'dataType'], 'result', {
    message: 'of an expression must be what SiteWise computes',
    got: property.dataType,
    allowed: 'DOUBLE or STRING (true and false are 1 and 0)',
  });
}

function checkDefault(
  file: AssetModelFile,
  faults: FaultList,
  path: SitePath,
  attribute: Extract<PropertyDefinition, { type: 'Attribute' }>,
): void {
  const text = attribute.default;
  if (text === undefined) return;
  const patterns: Readonly<Record<string, RegExp>> = {
    DOUBLE: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
    INTEGER: /^[+-]?\d+$/,
    BOOLEAN: /^(true|false)$/,
  };
  if (patterns[attribute.dataType]?.test(text) !== false) return;
  faults.add(file, [...path, 'default'], 'default', { message: `is no ${attribute.dataType}`, got: text });
}
