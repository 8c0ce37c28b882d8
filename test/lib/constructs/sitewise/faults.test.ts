import { describe, expect, test } from '@jest/globals';
import { formatFault, SiteFileError } from '../../../../core/site/load.ts';
import { sitewiseLoad } from '../../../../lib/constructs/sitewise/budget.ts';
import { limitFaults } from '../../../../lib/constructs/sitewise/limits.ts';
import { siteModels } from '../../../../lib/constructs/sitewise/site-models.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { manyLinesText } from '../../../support/many-lines.ts';
import { testSite } from '../../../support/synth.ts';

const { models } = deployableModels();
const deploymentOf = (text: string) => new Deployment(deployableSite('site.yaml', models, () => text));
/** What synthesis refuses of a site, as people read it. */
function faultsOf(text: string): string[] {
  try {
    siteModels(deploymentOf(text));
    return [];
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return error.faults.map(formatFault);
  }
}
/** A site of test/ with texts in it replaced, each of which must be there. */
function changed(name: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${name} does not hold ${from}`);
    return text.replace(from, () => to);
  }, testSite(name));
}

describe('machines that SiteWise has no asset for', () => {
  test.each(['pilot', 'outpost-gen1', 'outpost-gen2', 'aggregates'])('the site %s has none', (name) => {
    expect(faultsOf(testSite(name))).toEqual([]);
  });

  test('machines of two models in one line are refused, at the one that differs', () => {
    const text = changed(
      'outpost-gen2',
      ['model: discrete-machine-native\n', 'model: discrete-machine-native\n'],
      [
        '      - id: capper\n        source: filler-plc',
        '      - id: capper\n        source: filler-plc\n        model: discrete-machine-native',
      ],
    );
    const faults = faultsOf(text);
    expect(faults[0]).toMatch(
      /^site\.yaml:\d+:\d+ lines\[0\]\.machines\[1\]\.model must be the model of all machines of line bottling/,
    );
    expect(faults[0]).toContain('got: discrete-machine-native, but filler has discrete-machine');
  });

  test("AWS's collector needs the native model, and the connector the other: all such machines are said at once", () => {
    const native = 'model: discrete-machine-native';
    const faults = faultsOf(
      changed(
        'outpost-gen2',
        [native, 'model: discrete-machine'],
        ['source: filler-plc\n', `source: filler-plc\n        ${native}\n`],
      ),
    );
    expect(faults).toEqual([
      expect.stringContaining('lines[0].machines[0].model does not fit: source filler-plc has collector: connector'),
      expect.stringContaining('lines[0].machines[1].model must be the model of all machines of line bottling'),
      expect.stringContaining(
        'lines[1].machines[0].model does not fit: source packer-plc has collector: sitewise-edge',
      ),
    ]);
    expect(faults[2]).toContain('Allowed: discrete-machine-native');
  });

  test('a native machine that counts parts has one ideal cycle', () => {
    const faults = faultsOf(
      changed('outpost-gen2', [
        'idealCycleSeconds: 5\n',
        'products: [{ code: 1, idealCycleSeconds: 5 }]\n        product: { node: "ns=2;s=P", browsePath: /Packer/Product }\n',
      ]),
    );
    expect(faults).toEqual([expect.stringContaining('lines[1].machines[0].idealCycleSeconds is missing')]);
  });

  test('one node for two signals would be one stream for two properties', () => {
    const faults = faultsOf(changed('outpost-gen2', ['browsePath: /Packer/Produced', 'browsePath: /Packer/State']));
    expect(faults).toEqual([
      expect.stringMatching(
        /lines\[1\]\.machines\[0\]\.produced\.browsePath must be given once.*got: \/Packer\/State, which gen2\/packing\/packer\/state has already/,
      ),
    ]);
  });

  test.each(['STRING', 'BOOLEAN'])('a sensor of type %s has no average that SiteWise could show', (type) => {
    const faults = faultsOf(
      changed('outpost-gen1', ['deadband: 0.2, sitewise: true', `type: ${type}, sitewise: true`]),
    );
    expect(faults).toEqual([
      expect.stringMatching(
        /lines\[0\]\.machines\[0\]\.sensors\[0\]\.sitewise is for numbers.*got: true for bearing-temperature of type/,
      ),
    ]);
  });

  test('what the phase does not deploy yet is not refused', () => {
    const unfit = changed('outpost-gen2', ['model: discrete-machine-native', 'model: discrete-machine']);
    expect(faultsOf(unfit)).toHaveLength(1);
    expect(faultsOf(unfit.replace('phase: rollout', 'phase: pilot'))).toEqual([]);
  });
});

describe('a line that is too large for one stack', () => {
  test('is refused where it stands, with how many resources, which machines weigh most and what to do', () => {
    // 1 line + 20 machines + 20 x 23 sensors.
    const faults = faultsOf(manyLinesText({ lines: 1, sensorsPerMachine: 23, sensorIntervalMs: 3_600_000 }));
    expect(faults).toEqual([
      expect.stringMatching(
        /^site\.yaml:\d+:\d+ lines\[0\] is too large for one stack of CloudFormation: line line-1 makes 481 resources/,
      ),
    ]);
    expect(faults[0]).toContain('got: 20 machines; machine-1 (24), machine-2 (24), machine-3 (24) weigh most');
    expect(faults[0]).toContain('Allowed: at most 480 resources');
    expect(faults[0]).toContain('Split the line into several, or mark fewer sensors with sitewise: true');
  });

  test('is not one of 480 resources; attributes of native machines are one resource more', () => {
    const size = { lines: 1, machinesPerLine: 1, sensorIntervalMs: 3_600_000 };
    expect(faultsOf(manyLinesText({ ...size, sensorsPerMachine: 478 }))).toEqual([]);
    expect(faultsOf(manyLinesText({ ...size, sensorsPerMachine: 477, nativeLines: [1] }))).toEqual([]);
    expect(faultsOf(manyLinesText({ ...size, sensorsPerMachine: 478, nativeLines: [1] }))).toHaveLength(1);
  });
});

describe('the budget of values for SiteWise', () => {
  test('adds up ticks, changes and sensors of the deployed lines', () => {
    // filler: 9 ticks, state and reason, a sensor each 250 ms; capper and packer: 9 ticks and a state. MES feedback: 2 more a minute.
    const load = sitewiseLoad(deploymentOf(testSite('outpost-gen1')));
    expect(load.ticks).toBeCloseTo((3 * (9 + 2)) / 60);
    expect(load.changes).toBeCloseTo(4 * 0.1);
    expect(load.sensors).toBe(4);
    expect(load.heaviest).toEqual([{ path: 'gen1/bottling/filler/bearing-temperature', valuesPerSecond: 4 }]);
  });

  test('counts no ticks for a native machine, but each of its parts', () => {
    const load = sitewiseLoad(deploymentOf(testSite('outpost-gen2')));
    expect(load.ticks).toBeCloseTo((2 * 9) / 60);
    expect(load.heaviest).toContainEqual({ path: 'gen2/packing/packer/produced', valuesPerSecond: 4 });
  });

  test('counts ticks alone where no raw value leaves the site', () => {
    const load = sitewiseLoad(deploymentOf(testSite('aggregates')));
    expect(load.total).toBe(load.ticks);
  });

  test('takes no sensor for faster than the limiter lets it be', () => {
    const text = changed('outpost-gen1', ['deadband: 0.2, sitewise: true', 'intervalMs: 10, sitewise: true']);
    expect(sitewiseLoad(deploymentOf(text)).heaviest[0]?.valuesPerSecond).toBe(10);
  });

  test('refuses more than the quota, with what sends how much and what weighs most', () => {
    const faults = faultsOf(manyLinesText({ lines: 10, sensorIntervalMs: 100 }));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(
      'aws.sitewise.valuesPerSecondQuota is less than the 8,050 values/s that the deployed lines may send to AWS IoT SiteWise: 8,000 of 800 sensors with sitewise: true, 30 of ticks, 20 of states, reasons and products, got: 5000',
    );
    expect(faults[0]).toContain('many/line-1/machine-1/sensor-1 10/s, ');
    const raised = manyLinesText({ lines: 10, sensorIntervalMs: 100 }).replace(
      'aws: {',
      'aws: { sitewise: { valuesPerSecondQuota: 8050 },',
    );
    expect(faultsOf(raised)).toEqual([]);
  });

  test('is that of the lines that the phase deploys', () => {
    expect(faultsOf(manyLinesText({ lines: 10, sensorIntervalMs: 100, phase: 'pilot' }))).toEqual([]);
  });
});

describe('a site that is too large for SiteWise', () => {
  const deployable = deployableSite('site.yaml', models, () => manyLinesText({ lines: 1, machinesPerLine: 1 }));
  const [line] = deployable.site.lines;
  const [machine] = line!.machines;
  const siteOf = (lines: number, machinesPerLine: number) => {
    const machines = Array.from({ length: machinesPerLine }, () => machine!);
    const many = Array.from({ length: lines }, () => ({ ...line!, machines }));
    return new Deployment({ ...deployable, site: { ...deployable.site, lines: many } });
  };

  test('has more assets of one model than it allows', () => {
    expect(limitFaults(siteOf(25, 90))).toEqual([]);
    expect(limitFaults(siteOf(101, 90)).map(formatFault)).toEqual([
      expect.stringContaining(
        'lines have more sensors with sitewise: true than AWS IoT SiteWise allows of one asset model, got: 36360. Allowed: at most 10000',
      ),
    ]);
    expect(limitFaults(siteOf(120, 90)).map(formatFault)).toContainEqual(
      expect.stringContaining('lines have more machines with model discrete-machine than AWS IoT SiteWise allows'),
    );
  });

  test('has more lines than an asset may have below it', () => {
    expect(limitFaults(siteOf(2001, 1)).map(formatFault)).toEqual([
      expect.stringContaining('lines are more than an asset of AWS IoT SiteWise may have below it, got: 2001'),
    ]);
  });
});
