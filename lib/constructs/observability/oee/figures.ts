import { LINE_MODEL } from '../../../../core/asset-model/machine-models.ts';
import { type AssetModelFile, instantiateModels } from '../../../../core/asset-model/model.ts';
import type { Site } from '../../../../core/site/site.ts';
import type { Figure } from './sitewise-queries.ts';

/** The figures that dashboards show, in this order, and what people call them. */
const FIGURES = { oee: 'OEE', availability: 'Availability', performance: 'Performance', quality: 'Quality' } as const;
/** How the models name them, a property for each window. */
const idOf = (figure: string) => `${figure}_{window}`;
const WINDOW = '{window}';
/** The model of the root asset (assets/asset-models/factory.yaml). */
const FACTORY_MODEL = 'factory';

/** What the asset models compute of OEE, at each level. */
export interface ModelFigures {
  /** Windows that every level has, e.g. `15m`, `1h`, `1d`. */
  readonly windows: readonly string[];
  readonly factory: readonly Figure[];
  readonly line: readonly Figure[];
  readonly machine: readonly Figure[];
}

/** Reads the figures from the models' files: a figure that a fork's model does not have is not shown, a renamed one is found. */
export function modelFigures(models: ReadonlyMap<string, AssetModelFile>, site: Site): ModelFigures {
  const used = [...new Set(site.lines.flatMap(({ machines }) => machines.map(({ model }) => model)))];
  const of = (modelId: string): Figure[] => figuresOf(models.get(modelId));
  const children = used.length === 1 ? used : [];
  return {
    windows: instantiateModels(models, { children }).get(FACTORY_MODEL)?.windows ?? [],
    factory: of(FACTORY_MODEL),
    line: of(LINE_MODEL),
    // Of machines with several models, the figures that all of them have under one name.
    machine: used
      .map(of)
      .reduce((common, figures) =>
        common.filter((one) => figures.some(({ propertyName }) => propertyName === one.propertyName)),
      ),
  };
}

function figuresOf(model: AssetModelFile | undefined): Figure[] {
  return Object.entries(FIGURES).flatMap(([id, name]) => {
    const property = model?.definition.properties.find((each) => each.id === idOf(id));
    return property === undefined ? [] : [{ id, name, propertyName: property.name.replaceAll(WINDOW, `\${window}`) }];
  });
}
