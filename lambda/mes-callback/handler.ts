import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { requireEnv } from '../shared/env.ts';
import { answerMes, type GatewayAnswer, takeForHub } from './callback.ts';
import { SITE_ID_ENV, TABLE_NAME_ENV } from './contract.ts';

const logger = new Logger();
const siteId = requireEnv(SITE_ID_ENV);
requireEnv(TABLE_NAME_ENV);

/** The cloud's MES API: API Gateway calls it for each request. */
export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<GatewayAnswer> {
  logger.addContext(context);
  return answerMes(event, { siteId, logger, take: takeForHub });
}
