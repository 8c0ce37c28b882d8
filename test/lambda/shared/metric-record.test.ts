import { expect, test } from '@jest/globals';
import { metricRecord } from '../../../lambda/shared/metric-record.ts';

test('a record is one line that CloudWatch takes as metrics, with their dimensions and units', () => {
  const line = metricRecord({
    siteId: 'demo',
    gatewayId: 'gateway-1',
    timeMs: 1_700_000_000_000,
    values: { GatewaySilent: 0, GatewayTickAge: 42 },
  });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Plantbridge',
          Dimensions: [['Site', 'Gateway']],
          Metrics: [
            { Name: 'GatewaySilent', Unit: 'Count' },
            { Name: 'GatewayTickAge', Unit: 'Seconds' },
          ],
        },
      ],
    },
    Site: 'demo',
    Gateway: 'gateway-1',
    GatewaySilent: 0,
    GatewayTickAge: 42,
  });
});

test("a site's record has no gateway", () => {
  const record = JSON.parse(metricRecord({ siteId: 'demo', timeMs: 0, values: { StaleMachines: 1 } }));
  expect(record._aws.CloudWatchMetrics[0].Dimensions).toEqual([['Site']]);
  expect(record).not.toHaveProperty('Gateway');
});
