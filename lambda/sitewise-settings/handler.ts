import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { IoTSiteWiseClient } from '@aws-sdk/client-iotsitewise';
import { customResource } from '../shared/custom-resource.ts';
import { applySettings } from './settings.ts';

/** Between two looks at a change of storage, which takes SiteWise a minute or so. */
const PAUSE_MS = 3000;

const logger = new Logger();
const surroundings = { client: new IoTSiteWiseClient(), logger, pause: () => sleep(PAUSE_MS) };

/** Brings the account's SiteWise settings to what the stack says. */
export const handler = customResource((event) => applySettings(event, surroundings), { logger });
