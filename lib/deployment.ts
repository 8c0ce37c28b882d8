import type { AssetModelFile } from '../core/asset-model/model.ts';
import { formatSitePath } from '../core/site/fault.ts';
import { type FilePosition, formatFault, type SiteFault, SiteFileError, type SitePath } from '../core/site/load.ts';
import { type DeployedScope, deployedScope } from '../core/site/roadmap.ts';
import type { Site } from '../core/site/site.ts';
import { SiteNames } from './names.ts';

/** A site file that is about to be deployed. */
export interface DeployableSite {
  readonly site: Site;
  /** The asset models, see `loadAssetModels`. */
  readonly models: ReadonlyMap<string, AssetModelFile>;
  /** Where a place of the site file stands, for faults that only synthesis finds. */
  locate(path: SitePath): FilePosition;
  /** The site file and the CSV files that it names, as text by path relative to the site file's folder; the first is the site file. */
  readonly files: ReadonlyMap<string, string>;
  /** Second key to delete data, given at deployment (`-c delete-data=<site>`). @default false */
  readonly deleteDataConfirmed?: boolean;
  /** Flag to go back to an earlier phase (`-c allow-phase-down=<site>`). @default false */
  readonly phaseDownAllowed?: boolean;
}

/** What all stacks of a site are built from. */
export class Deployment {
  readonly site: Site;
  readonly models: ReadonlyMap<string, AssetModelFile>;
  readonly files: ReadonlyMap<string, string>;
  readonly names: SiteNames;
  /** Lines, gateways and parts that the site's phase deploys. */
  readonly scope: DeployedScope;
  /** Both keys are turned: stateful resources go with their stacks. Otherwise they are retained. */
  readonly deletesData: boolean;
  readonly phaseDownAllowed: boolean;
  readonly #locate: (path: SitePath) => FilePosition;

  constructor(deployable: DeployableSite) {
    this.site = deployable.site;
    this.models = deployable.models;
    this.files = deployable.files;
    this.names = new SiteNames(deployable.site.id);
    this.scope = deployedScope(deployable.site);
    this.deletesData = deployable.site.aws?.deleteData === true && deployable.deleteDataConfirmed === true;
    this.phaseDownAllowed = deployable.phaseDownAllowed ?? false;
    this.#locate = (path) => deployable.locate(path);
  }

  /** Whether no raw value may leave the site. */
  get keepsRawValues(): boolean {
    return this.site.residency === 'aggregates';
  }

  /** Whether the MES confirms quality, so that models, selection and queries hold its corrections: from production on. */
  get confirmsQuality(): boolean {
    return this.site.mes.qualityFeedback && this.scope.hasProduction;
  }

  /** A fault of the site file that only synthesis can find: throw it as it is, or collect several in one SiteFileError. */
  fault(path: SitePath, text: Pick<SiteFault, 'message' | 'got' | 'allowed' | 'hint'>): SiteFault {
    return { ...this.#locate(path), path: formatSitePath(path), ...text };
  }

  /** @throws SiteFileError always, with one fault. */
  refuse(path: SitePath, text: Pick<SiteFault, 'message' | 'got' | 'allowed' | 'hint'>): never {
    throw new SiteFileError([this.fault(path, text)]);
  }

  /** A warning for whoever deploys, as one line with its place. */
  warningText(path: SitePath, text: Pick<SiteFault, 'message' | 'got' | 'hint'>): string {
    return formatFault(this.fault(path, text));
  }
}
