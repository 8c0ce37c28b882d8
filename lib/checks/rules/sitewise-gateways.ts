import { isIntrinsic, type JsonObject, listOf, objectOf, textOf, textsIn } from '../json.ts';
import { type CheckRule, type Fault, mustBe, resourceRule } from '../rule.ts';

const GATEWAY = ['AWS::IoTSiteWise::Gateway'];
const OPERATING_SYSTEMS = ['LINUX_AARCH64', 'LINUX_AMD64', 'WINDOWS_AMD64'];

function* versionFaults({ GatewayVersion, GatewayPlatform }: JsonObject): Generator<Fault> {
  if (GatewayVersion !== '3')
    yield mustBe('GatewayVersion', '"3"', GatewayVersion, 'Versions before 3 know no MQTT broker');
  const { CoreDeviceOperatingSystem: system } = objectOf(objectOf(GatewayPlatform).GreengrassV2);
  if (!isIntrinsic(system) && !OPERATING_SYSTEMS.includes(String(system)))
    yield mustBe('GatewayPlatform.GreengrassV2.CoreDeviceOperatingSystem', OPERATING_SYSTEMS.join(', '), system);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* capabilityFaults({ GatewayCapabilitySummaries }: JsonObject): Generator<Fault> {
  for (const [index, summary] of listOf(GatewayCapabilitySummaries).entries()) {
    const at = `GatewayCapabilitySummaries[${index}].CapabilityConfiguration`;
    const { CapabilityConfiguration } = objectOf(summary);
    if (CapabilityConfiguration === undefined) continue;
    const text = textOf(CapabilityConfiguration);
    const configuration = text === undefined ? undefined : parsed(text);
    if (configuration === undefined) {
      yield mustBe(at, 'JSON as a string', CapabilityConfiguration, 'Use JSON.stringify');
      continue;
    }
    for (const found of textsIn(configuration))
      if (/(^|\/)#$/.test(found.text) && /path|topic|filter/i.test(found.at))
        yield mustBe(
          `${at}: ${found.at}`,
          'the topics themselves',
          found.text,
          '"#" sends all that the broker carries to the cloud: name the paths',
        );
    yield* securityFaults(at, objectOf(configuration));
  }
}

function* securityFaults(at: string, { sources }: JsonObject): Generator<Fault> {
  for (const [index, source] of listOf(sources).entries()) {
    const { securityPolicy, messageSecurityMode } = objectOf(objectOf(source).endpoint);
    if (securityPolicy !== undefined && (securityPolicy === 'NONE') !== (messageSecurityMode === 'NONE'))
      yield {
        at: `${at}: sources[${index}].endpoint`,
        text: `must have securityPolicy and messageSecurityMode both NONE or neither, got: ${securityPolicy} and ${messageSecurityMode}`,
      };
  }
}

/** What SiteWise Edge gateways need that neither CloudFormation's types nor CDK's validator say. */
export const SITEWISE_GATEWAY_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-GatewayVersion',
    'A SiteWise Edge gateway has version 3 and names the operating system of its core device.',
    GATEWAY,
    ({ properties }) => versionFaults(properties),
  ),
  resourceRule(
    'Plantbridge-GatewayCapabilities',
    'The configuration of a capability is JSON as a string, names its topics instead of "#", and has security on or off as a whole.',
    GATEWAY,
    ({ properties }) => capabilityFaults(properties),
  ),
];
