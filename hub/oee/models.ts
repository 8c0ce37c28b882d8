import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAssetModels } from '../../core/asset-model/load.ts';
import type { AssetModelFile } from '../../core/asset-model/model.ts';
import { UserFault } from '../../core/user-fault.ts';

/** Where the asset models lie in the repository. */
export const ASSET_MODEL_FOLDER = join(import.meta.dirname, '../../assets/asset-models');

/**
 * Reads every asset model of a folder.
 * @param folder @default assets/asset-models
 * @throws {AssetModelError} a user's fault with every fault of every file.
 * @throws {UserFault} where the folder cannot be read.
 */
export function readAssetModels(folder: string = ASSET_MODEL_FOLDER): ReadonlyMap<string, AssetModelFile> {
  try {
    const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
    return loadAssetModels(
      names.sort().map((name) => ({
        file: join(folder === ASSET_MODEL_FOLDER ? 'assets/asset-models' : folder, name),
        text: readFileSync(join(folder, name), 'utf8'),
      })),
    );
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (typeof code === 'string') throw new UserFault(`The asset models in ${folder} cannot be read (${code}).`);
    throw error;
  }
}
