import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAssetModelFolder } from '../../core/asset-model/load.ts';
import type { AssetModelFile } from '../../core/asset-model/model.ts';

/** Where the asset models lie in the repository. */
export const ASSET_MODEL_FOLDER = join(import.meta.dirname, '../../assets/asset-models');

/**
 * Reads every asset model of a folder.
 * @param folder @default assets/asset-models
 * @throws {AssetModelError} a user's fault with every fault of every file.
 * @throws {UserFault} where the folder cannot be read.
 */
export function readAssetModels(folder: string = ASSET_MODEL_FOLDER): ReadonlyMap<string, AssetModelFile> {
  return loadAssetModelFolder(folder, folder === ASSET_MODEL_FOLDER ? 'assets/asset-models' : folder, {
    list: (path) => readdirSync(path),
    readText: (path) => readFileSync(path, 'utf8'),
  });
}
