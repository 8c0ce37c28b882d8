import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../../../core/path.ts';
import { decodeCommand } from '../../../core/telemetry/decode.ts';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import { RuleRunner } from '../../../hub/rules/rule-runner.ts';
import { startBroker, type TestBroker } from '../../support/broker.ts';
import { keepingLogger } from '../../support/keeping-logger.ts';
import { smallSite } from '../../support/small-site.ts';

const FILLER = 'demo/bottling/filler';
let broker: TestBroker;
let client: MqttClient;
let runner: RuleRunner;

beforeEach(async () => {
  broker = await startBroker();
  client = await connectAsync(broker.url);
});
afterEach(async () => {
  await runner.stop();
  await client.endAsync(true);
  await broker.stop();
});

describe('local rules on the LAN copy', () => {
  test('publish a command once, which a decoder accepts and which lapses', async () => {
    const site = smallSite({ bottling: ['filler'] });
    site.lines[0]?.machines[0]?.rules.push({
      id: 'too-hot',
      when: 'state == "FAULT"',
      do: { command: 'slow-down', parameters: { speed: 0.5 }, expiresSeconds: 7 },
    });
    const logger = keepingLogger();
    runner = RuleRunner.start(site, { url: broker.url }, logger);
    expect(runner.health().ok).toBe(false);
    const commands: unknown[] = [];
    await client.subscribeAsync(topics.command(FILLER), { qos: 1 });
    const arrived = new Promise<void>((resolve) => {
      client.on('message', (_topic, payload) => {
        commands.push(decodeCommand(payload));
        resolve();
      });
    });
    while (!runner.health().ok) await new Promise((resolve) => setTimeout(resolve, 5));
    const [message] = toMachineMessages([
      { path: `${FILLER}/state`, timeMs: Date.now(), value: 'FAULT', quality: 'GOOD' },
    ]);
    // Garbage first: it must not stop the rules.
    await client.publishAsync(topics.machine(FILLER), '{"version":');
    await client.publishAsync(topics.machine(FILLER), JSON.stringify(message));
    await client.publishAsync(topics.machine(FILLER), JSON.stringify(message));
    await arrived;
    expect(commands).toEqual([
      expect.objectContaining({
        machine: FILLER,
        command: 'slow-down',
        parameters: { speed: 0.5 },
        requester: `rule:${FILLER}/too-hot`,
      }),
    ]);
    const [command] = commands as { issuedAt: number; expiresAt: number }[];
    expect((command?.expiresAt ?? 0) - (command?.issuedAt ?? 0)).toBe(7000);
    expect(runner.health()).toEqual({ ok: true, detail: '1 watched' });
  });

  test('need no thread where the site has none', async () => {
    runner = RuleRunner.start(smallSite({ bottling: ['filler'] }), { url: broker.url }, keepingLogger());
    expect(runner.health()).toEqual({ ok: true, detail: 'the site has none' });
  });
});
