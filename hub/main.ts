import { runTier } from '../core/process.ts';
import { startHub } from './hub.ts';

// What the hub writes is nobody else's to read: PGlite would make its files readable for all.
process.umask(0o077);
await runTier(process, startHub, (message) => process.stderr.write(`${message}\n`));
