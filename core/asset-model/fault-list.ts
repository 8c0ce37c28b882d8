import { formatSitePath, type SiteFault, type SitePath } from '../site/fault.ts';
import type { AssetModelFile } from './model.ts';

/** Collects faults of model files. One property stands for several windows and variants: each fault is said once. */
export class FaultList {
  readonly #faults = new Map<string, SiteFault>();

  /**
   * @param kind what makes two faults at one place different; not part of the message.
   * @param offset the character of a text value at which the fault lies.
   */
  add(
    model: AssetModelFile,
    path: SitePath,
    kind: string,
    text: Pick<SiteFault, 'message' | 'got' | 'allowed' | 'hint'>,
    offset?: number,
  ): void {
    const { document } = model;
    const position = offset === undefined ? document.locate(path) : document.locateInText(path, offset);
    const key = JSON.stringify([model.file, path, kind, offset]);
    if (!this.#faults.has(key)) this.#faults.set(key, { ...position, path: formatSitePath(path), ...text });
  }

  /** In the order of files and lines. */
  all(): SiteFault[] {
    return [...this.#faults.values()].sort(
      (one, other) => one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column,
    );
  }
}
