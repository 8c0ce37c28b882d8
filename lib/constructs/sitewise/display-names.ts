/** The longest name of an asset or asset model. */
const LONGEST_NAME = 256;
const CONTROL_CHARACTERS = /\p{Cc}+/gu;

/**
 * The name of an asset as people see it: `Filler (demo/bottling/filler)`. The path makes it unique in account and Region, since
 * names must be unique among siblings and root assets, and several sites may share an account.
 */
export function assetName(name: string, path: string): string {
  return uniqueName(name, path);
}

/** The name of an asset model, which must be unique in account and Region: `Line (demo)`. */
export function modelName(name: string, siteId: string): string {
  return uniqueName(name, siteId);
}

/** SiteWise takes no control characters in names, and YAML's texts may hold them. */
function uniqueName(name: string, unique: string): string {
  const suffix = ` (${unique})`;
  const clean = name.replace(CONTROL_CHARACTERS, ' ').trim();
  return `${[...clean].slice(0, LONGEST_NAME - suffix.length).join('')}${suffix}`;
}
