import { describe, expect, test } from '@jest/globals';
import { testSite } from '../../../support/synth.ts';
import { configurationOf, deploymentOf, recipeOf, scriptOf, synthesizeSoftware } from './software-stack.ts';

const PILOT = testSite('pilot');
const pilot = synthesizeSoftware(PILOT, 'gateway-1');
const native = synthesizeSoftware(testSite('outpost-gen2'), 'gateway-2');

describe('the local broker', () => {
  test('lets in the programs of the gateway alone, each topic by name', () => {
    const { deviceGroups } = configurationOf(pilot, 'aws.greengrass.clientdevices.Auth');
    expect(deviceGroups.definitions).toEqual({
      programs: { selectionRule: 'thingName: plantbridge-pilot-site--gateway-1-local', policyName: 'programs' },
    });
    const { publish, subscribe } = deviceGroups.policies.programs;
    expect(publish.resources).toContain('mqtt:topic:plant/v1/pilot-site/bottling/filler');
    expect(publish.resources).toContain('mqtt:topic:plant-link/v1/pilot-site/gateway-1/batch');
    expect([...publish.resources, ...subscribe.resources].filter((each: string) => /[#*]/.test(each))).toEqual([]);
    expect(configurationOf(native, 'aws.greengrass.clientdevices.Auth').deviceGroups.policies).toEqual({});
  });

  test('takes no commands before phase rollout', () => {
    expect(JSON.stringify(configurationOf(pilot, 'aws.greengrass.clientdevices.Auth'))).not.toContain('_command');
  });

  test('is bridged to the cloud for no topic', () => {
    expect(configurationOf(pilot, 'aws.greengrass.clientdevices.mqtt.Bridge')).toEqual({ mqttTopicMapping: {} });
  });

  test('is Moquette or EMQX, as the site file says', () => {
    expect(configurationOf(pilot, 'aws.greengrass.clientdevices.mqtt.Moquette')).toEqual({
      moquette: { ssl_port: '8883' },
    });
    expect(deploymentOf(pilot).Components).not.toHaveProperty(['aws.greengrass.clientdevices.mqtt.EMQX']);
    expect(deploymentOf(native).Components).not.toHaveProperty(['aws.greengrass.clientdevices.mqtt.Moquette']);
  });

  test('denies by default, asks for client certificates and has no dashboard (EMQX)', () => {
    const { emqxConfig } = configurationOf(native, 'aws.greengrass.clientdevices.mqtt.EMQX');
    expect(emqxConfig.authorization.no_match).toBe('deny');
    expect(emqxConfig.listeners.ssl.default.ssl_options).toMatchObject({
      verify: 'verify_peer',
      fail_if_no_peer_cert: true,
    });
    expect(emqxConfig.listeners.ws.default.enabled).toBe(false);
    expect(emqxConfig.listeners.wss.default.enabled).toBe(false);
    expect(emqxConfig.dashboard.listeners.http.bind).toBe(0);
  });

  test("opens plain MQTT on loopback alone, for the topics of AWS's own collector alone (EMQX)", () => {
    const { emqxConfig, dockerOptions } = configurationOf(native, 'aws.greengrass.clientdevices.mqtt.EMQX');
    expect(dockerOptions).toBe('-p 8883:8883 -p 127.0.0.1:1883:1883');
    expect(emqxConfig.authorization.sources[0].rules).toBe(
      '{allow, {ipaddr, "172.17.0.1"}, all, ["/gen2/packer-plc/Packer/State", "/gen2/packer-plc/Packer/Produced"]}.\n{deny, all}.',
    );
  });

  test('has no plain MQTT at all where AWS collects nothing (EMQX)', () => {
    const text = PILOT.replace('PB-0002], ', 'PB-0002], broker: emqx, ');
    const { emqxConfig, dockerOptions, authMode } = configurationOf(
      synthesizeSoftware(text, 'gateway-1'),
      'aws.greengrass.clientdevices.mqtt.EMQX',
    );
    expect(emqxConfig.listeners.tcp.default.enabled).toBe(false);
    expect(dockerOptions).toBe('-p 8883:8883');
    expect([authMode, emqxConfig.authorization.sources]).toEqual(['enabled', []]);
  });

  test("is the plant's own where the site file names one", () => {
    const text = PILOT.replace('sources:', 'broker: { url: "mqtts://192.168.10.5:8883" }\nsources:');
    const script = scriptOf(recipeOf(synthesizeSoftware(text, 'gateway-1'), 'connector'), 'run');
    expect(script).toContain('"brokerUrl":"mqtts://192.168.10.5:8883"');
    expect(script).not.toContain('brokerTls');
  });
});
