import { describe, expect, test } from '@jest/globals';
import { type Change, oneFault } from '../../../support/site-faults.ts';
import { faultsOf, smallSiteWith, warningLines } from '../../../support/site-text.ts';

const MUTUAL_TLS =
  'mutualTls: { domainName: mes.plant.example, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1", truststoreUri: "s3://trust/mes.pem" }';
const withMes = (mes: string): Change => ['timeZone:', `mes: { ${mes} }\ntimeZone:`];
const withErp = (secret: string): Change =>
  withMes(`erp: { target: https, url: "https://erp.plant.example", authorizationFrom: "${secret}" }`);

describe('MES and ERP', () => {
  oneFault([
    [
      'mutual TLS needs a host name, its certificate and a trust store',
      [withMes('authentication: mutual-tls')],
      'mes.authentication',
      'needs mutualTls beside it: the host name, its certificate and the authorities of the MES clients, got: "mutual-tls"',
    ],
    [
      "the ERP's secret is not one of the gateway's environment",
      [withErp('env:ERP')],
      'mes.erp.authorizationFrom',
      'must be a secret of AWS Secrets Manager, since EventBridge calls the ERP from the cloud, got: "env:ERP". Allowed: secretsmanager:<name>',
    ],
    [
      "the ERP's secret is not a file",
      [withErp('file:erp.txt')],
      'mes.erp.authorizationFrom',
      'must be a secret of AWS Secrets Manager',
    ],
    [
      "the ERP's secret is named as a whole",
      [withErp('secretsmanager:plant/erp:password')],
      'mes.erp.authorizationFrom',
      'must be a secret of AWS Secrets Manager',
    ],
  ]);

  test('are right as a whole', () => {
    for (const change of [
      withMes(`authentication: mutual-tls, ${MUTUAL_TLS}`),
      withErp('secretsmanager:plant/erp'),
      withMes('erp: { target: queue }'),
    ])
      expect(faultsOf(smallSiteWith(change))).toEqual([]);
  });

  test('a host name that nobody asks for a certificate is doubtful', () => {
    expect(warningLines(smallSiteWith(withMes(MUTUAL_TLS)))).toEqual([
      expect.stringContaining('mes.mutualTls is not used, since authentication is iam'),
    ]);
  });
});
