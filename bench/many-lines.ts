/** A large site: what the benchmark of the synthesis and tests of growth deploy. */
export interface ManyLines {
  readonly lines: number;
  /** @default 20 */
  readonly machinesPerLine?: number;
  /** All with `sitewise: true`. @default 4 */
  readonly sensorsPerMachine?: number;
  /** How often a sensor is read, ms: with 100 lines of the defaults SiteWise's quota lets it be 2 s at the shortest. @default 2500 */
  readonly sensorIntervalMs?: number;
  /** Numbers (from 1) of lines that AWS's own collector reads. @default none */
  readonly nativeLines?: readonly number[];
  /** Lines that one gateway reads; a native line has a gateway of its own. @default 10 */
  readonly linesPerGateway?: number;
  /** @default rollout */
  readonly phase?: 'pilot' | 'production' | 'rollout' | 'analytics';
}

/**
 * The text of a site file with lines `line-1`, `line-2`, ... A site with more lines holds those of a site with fewer as they are.
 * The site has an account, so that it can be deployed in every phase, and no Outpost.
 */
export function manyLinesText(options: ManyLines): string {
  const { phase = 'rollout', nativeLines = [] } = options;
  const numbers = Array.from({ length: options.lines }, (_, index) => index + 1);
  const isNative = (line: number) => nativeLines.includes(line);
  const gatewayOf = (line: number) =>
    isNative(line) ? `gateway-native-${line}` : `gateway-${Math.ceil(line / (options.linesPerGateway ?? 10))}`;
  const gateways = [...new Set(numbers.map(gatewayOf))];
  const first = gatewayOf(1);
  return [
    'version: 1',
    'id: many',
    'name: Many lines',
    'timeZone: Europe/Berlin',
    `phase: ${phase}`,
    `pilot: { line: line-1, gateway: ${first} }`,
    'aws: { account: "123456789012" }',
    `hub: { gateway: ${first}, historianFrom: "secretsmanager:plant/historian" }`,
    'broker: { url: "mqtts://192.168.10.5:8883", user: plantbridge, passwordFrom: "env:BROKER_PASSWORD" }',
    'gateways:',
    ...gateways.map(
      (id) => `  - { id: ${id}, serialNumbers: [${id}]${id.includes('native') ? ', broker: emqx' : ''} }`,
    ),
    'sources:',
    ...numbers.map(
      (line) =>
        `  - { id: plc-${line}, protocol: opcua, endpointUrl: "opc.tcp://plc-${line}.plant.example:4840", gateway: ${gatewayOf(line)}, samplingIntervalMs: 1000${isNative(line) ? ', collector: sitewise-edge' : ''} }`,
    ),
    'lines:',
    ...numbers.flatMap((line) => lineText(line, isNative(line), options)),
    '',
  ].join('\n');
}

function lineText(
  line: number,
  native: boolean,
  { machinesPerLine = 20, sensorsPerMachine = 4, sensorIntervalMs = 2500 }: ManyLines,
): string[] {
  const machines = Array.from({ length: machinesPerLine }, (_, index) => `machine-${index + 1}`);
  return [
    `  - id: line-${line}`,
    '    machines:',
    ...machines.flatMap((machine) => {
      const address = (signal: string) =>
        `node: "ns=2;s=${machine}.${signal}"${native ? `, browsePath: /${machine}/${signal}` : ''}`;
      return [
        `      - id: ${machine}`,
        `        source: plc-${line}`,
        ...(native ? ['        model: discrete-machine-native'] : []),
        '        idealCycleSeconds: 2',
        `        state: { ${address('State')}, map: { 1: RUNNING, 2: IDLE, 3: FAULT } }`,
        `        produced: { ${address('Produced')}, counter: { maxRatePerSecond: 2 } }`,
        ...(sensorsPerMachine === 0 ? [] : ['        sensors:']),
        ...Array.from(
          { length: sensorsPerMachine },
          (_, index) =>
            `          - { id: sensor-${index + 1}, ${address(`Sensor${index + 1}`)}, intervalMs: ${sensorIntervalMs}, sitewise: true }`,
        ),
      ];
    }),
  ];
}
