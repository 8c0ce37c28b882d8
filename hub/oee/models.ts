import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAssetModels } from '../../core/asset-model/load.ts';
import type { AssetModelFile } from '../../core/asset-model/model.ts';

/** Where the asset models lie in the repository. */
export const ASSET_MODEL_FOLDER = join(import.meta.dirname, '../../assets/asset-models');

/**
 * Reads every asset model of a folder.
 * @param folder @default assets/asset-models
 * @throws AssetModelError with every fault of every file.
 */
export function readAssetModels(folder: string = ASSET_MODEL_FOLDER): ReadonlyMap<string, AssetModelFile> {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return loadAssetModels(
    names.sort().map((name) => ({
      file: join('assets/asset-models', name),
      text: readFileSync(join(folder, name), 'utf8'),
    })),
  );
}
