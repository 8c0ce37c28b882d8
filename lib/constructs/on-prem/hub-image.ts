import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';
import type { Deployment } from '../../deployment.ts';
import { folderOf } from '../functions/bundle.ts';
import { packageFiles } from './image-packages.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Where the program lies in the image. */
export const HUB_FOLDER = '/app';
/** The certificates of Amazon RDS in the image. */
export const RDS_CERTIFICATES = '/etc/ssl/rds-global-bundle.pem';
/** The environment variable that holds the LAN broker's password in the hub's container. */
export const BROKER_PASSWORD_VARIABLE = 'PLANT_BROKER_PASSWORD';

/** Packages that the hub imports when it runs; a test compares with its sources. */
export const HUB_PACKAGES: readonly string[] = [
  '@electric-sql/pglite',
  '@hono/node-server',
  'csv-parse',
  'hono',
  'mqtt',
  'pg',
  'pino',
  'yaml',
  'zod',
];

/** Packages that the dashboard is built with. */
export const DASHBOARD_PACKAGES: readonly string[] = ['@preact/signals', 'preact', 'uplot', 'vite'];

/** Files and folders of the repository that the image's build needs. */
export const COPIED_PATHS: readonly string[] = ['core', 'hub', 'assets/asset-models', 'package.json', 'tsconfig.json'];

/** A folder that an image is built from. */
export interface ImageContext {
  readonly folder: string;
  /** The site file's path in the container. */
  readonly siteFile: string;
}

/**
 * The folder that the hub's image is built from: its sources, its share of package-lock.json, the Dockerfile, and the site
 * file with the CSV files that it names. Named by its content, so that an unchanged site keeps its image.
 */
export function hubImageContext(deployment: Deployment): ImageContext {
  const files = new Map<string, string | Uint8Array>();
  for (const path of COPIED_PATHS) for (const file of filesBelow(path)) files.set(file, readFileSync(join(ROOT, file)));
  files.set('Dockerfile', readFileSync(join(ROOT, 'assets/container/hub/Dockerfile')));
  for (const [folder, names] of Object.entries({ hub: HUB_PACKAGES, dashboard: DASHBOARD_PACKAGES })) {
    for (const [name, text] of Object.entries(packageFiles(names))) files.set(`packages/${folder}/${name}`, text);
  }
  const siteFiles = inContainer(deployment);
  for (const [path, text] of siteFiles) files.set(`site/${path}`, text);
  const [siteFile = ''] = siteFiles.keys();
  return { folder: folderOf(Object.fromEntries(files)).folder, siteFile: `${HUB_FOLDER}/site/${siteFile}` };
}

/** The site's files by their path below the folder that holds them all; the first is the site file. */
function inContainer({ files }: Deployment): Map<string, string> {
  const absolute = [...files].map(([path, text]) => [resolve(path), text] as const);
  const folders = absolute.map(([path]) => dirname(path).split(sep));
  const [first = []] = folders;
  const differs = first.findIndex((part, index) => folders.some((folder) => folder[index] !== part));
  const root = first.slice(0, differs === -1 ? first.length : differs).join(sep) + sep;
  return new Map(
    absolute.map(([path, text], index) => [
      path.slice(root.length).split(sep).join('/'),
      index === 0 ? withPasswordFromEnvironment(text) : text,
    ]),
  );
}

/** ECS puts the password that the site file has in Secrets Manager into the environment: the hub reads it there. */
function withPasswordFromEnvironment(siteText: string): string {
  const document = parseDocument(siteText);
  const path = ['broker', 'passwordFrom'];
  if (!document.hasIn(path)) return siteText;
  document.setIn(path, `env:${BROKER_PASSWORD_VARIABLE}`);
  return document.toString({ lineWidth: 0 });
}

/** Sources only: what is built, and what belongs to the laptop's dashboard build, would change the hash from machine to machine. */
function filesBelow(path: string): string[] {
  if (/\.[a-z]+$/.test(path)) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : filesBelow(below);
    return [below];
  });
}
