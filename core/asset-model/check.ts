import type { SiteFault } from '../site/fault.ts';
import type { AssetModelFile } from './model.ts';

export function checkAssetModels(_files: ReadonlyMap<string, AssetModelFile>): SiteFault[] {
  return [];
}
