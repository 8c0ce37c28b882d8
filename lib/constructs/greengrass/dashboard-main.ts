import { dashboardArchive } from './dashboard.ts';

/** Prints where the archive with the built dashboard lies, as the CDK asks of a program that makes an asset. */
process.stdout.write(`${dashboardArchive()}\n`);
