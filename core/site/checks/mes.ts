import { showValue } from '../fault.ts';
import type { CheckContext } from './context.ts';

/** A secret by its name, as Secrets Manager allows them; one of its JSON keys can't be named. */
const ERP_SECRET = /^secretsmanager:[A-Za-z0-9/_+=.@-]{1,512}$/;

/** The way to prove who calls the MES API, and to the ERP, is given as a whole. */
export function checkMes(context: CheckContext): void {
  const { mes } = context.site;
  if (context.isFaulty(['mes'])) return;
  if (mes.authentication === 'mutual-tls' && mes.mutualTls === undefined) {
    context.fault(['mes', 'authentication'], {
      message: 'needs mutualTls beside it: the host name, its certificate and the authorities of the MES clients',
      got: showValue(mes.authentication, []),
      hint: 'Add mes: {mutualTls: {domainName: ..., certificateArn: ..., truststoreUri: ...}}, or use authentication: iam',
    });
  }
  if (mes.authentication === 'iam' && mes.mutualTls !== undefined) {
    context.warning(['mes', 'mutualTls'], {
      message: 'is not used, since authentication is iam',
      hint: 'Set mes: {authentication: mutual-tls}, or leave mutualTls out',
    });
  }
  if (mes.erp?.target === 'https' && !ERP_SECRET.test(mes.erp.authorizationFrom)) {
    context.fault(['mes', 'erp', 'authorizationFrom'], {
      message: 'must be a secret of AWS Secrets Manager, since EventBridge calls the ERP from the cloud',
      got: showValue(mes.erp.authorizationFrom, []),
      allowed: 'secretsmanager:<name>, of the same account and Region',
      hint: 'Store the value of the Authorization header there, and write its name: secretsmanager:plant/erp',
    });
  }
}
