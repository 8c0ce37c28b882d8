import type { BulkImport } from './bulk-import.ts';
import type { IngestRule } from './ingest-rule.ts';
import type { Normalizer } from './normalizer.ts';

export function acknowledgeIngestRule(_rule: IngestRule): void {}
export function acknowledgeNormalizer(_normalizer: Normalizer): void {}
export function acknowledgeBulkImport(_import: BulkImport): void {}
