import { NODE_RUNTIMES } from '../../greengrass-versions.ts';
import { nodeRuntimeArchive } from './node-runtime.ts';

/** Prints where the archive with a gateway's Node lies, as the CDK asks of a program that makes an asset. */
const [, , architecture] = process.argv;
if (architecture !== 'x86_64' && architecture !== 'arm64') {
  throw new Error(`Which processor? One of ${Object.keys(NODE_RUNTIMES).join(', ')}.`);
}
process.stdout.write(`${nodeRuntimeArchive(architecture)}\n`);
