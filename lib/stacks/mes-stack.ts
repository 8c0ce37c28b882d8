import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SITE_ID_ENV } from '../../lambda/mes-callback/contract.ts';
import { SiteFunction } from '../constructs/functions/site-function.ts';
import { ApiFirewall } from '../constructs/mes/api-firewall.ts';
import { ErpDelivery } from '../constructs/mes/erp-delivery.ts';
import { MesApi } from '../constructs/mes/mes-api.ts';
import { MesClientPolicy } from '../constructs/mes/mes-client-policy.ts';
import { MesDomain } from '../constructs/mes/mes-domain.ts';
import { MesRecords } from '../constructs/mes/mes-records.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the MES API is made for. */
export interface MesStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/**
 * The cloud's MES API and the way of events to the ERP. Orders, quality, reasons, OEE and alarms pass here, never a raw value:
 * the stack is the same where raw values must not leave the site.
 */
export class MesStack extends Stack {
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: MesStackProps) {
    super(scope, id, props);
    const { deployment, foundation } = props;
    const { key, eventBus } = foundation;
    const { mes } = deployment.site;
    const records = new MesRecords(this, 'Records', { deployment, key });
    const { function: handler } = new SiteFunction(this, 'Callback', {
      name: 'mes-callback',
      description: 'Takes requests of the MES for the hub',
      key,
      environment: { [SITE_ID_ENV]: deployment.site.id },
    });
    records.grantUse(handler);
    const { api, restApi } = new MesApi(this, 'Mes', { deployment, key, handler });
    const { stageArn } = api.deploymentStage;
    new ApiFirewall(this, 'Firewall', { deployment, key, stageArn, requestsPerSecond: mes.requestsPerSecond });
    if (mes.authentication === 'iam') new MesClientPolicy(this, 'Client', { deployment, api });
    else if (mes.mutualTls !== undefined) new MesDomain(this, 'Domain', { api, mutualTls: mes.mutualTls });
    const erp =
      mes.erp === undefined ? undefined : new ErpDelivery(this, 'Erp', { deployment, key, eventBus, erp: mes.erp });
    this.watched = { functions: [handler], apis: [restApi], deadLetterQueues: erp?.deadLetterQueues ?? [] };
  }
}
