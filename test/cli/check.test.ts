import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type CheckIo, checkCommand } from '../../cli/check.ts';
import { loadAssetModels } from '../../core/asset-model/load.ts';
import { UserFault } from '../../core/user-fault.ts';
import { ASSET_MODEL_FOLDER, readAssetModels } from '../../hub/oee/models.ts';
import { PRODUCED } from '../support/site-faults.ts';
import { DEMO_TEXT, SMALL_TEXT, smallSiteWith } from '../support/site-text.ts';

/** The repository's models, and a faulty one. */
const MODELS = readAssetModels();
const FAULTY_MODEL = readFileSync(join(ASSET_MODEL_FOLDER, 'sensor.yaml'), 'utf8').replace(
  'type: Measurement',
  'type: Meter',
);

async function check(text: string, ...options: string[]) {
  return await checkWith(() => MODELS, text, ...options);
}

async function checkWith(readModels: CheckIo['readModels'], text: string, ...options: string[]) {
  const said = { output: '', errors: '', exitCode: 0 };
  const command = checkCommand({
    readModels,
    readText: (path) => {
      if (path !== 'site.yaml') throw Object.assign(new Error('not there'), { code: 'ENOENT' });
      return text;
    },
    write: (part) => {
      said.output += part;
    },
    writeError: (part) => {
      said.errors += part;
    },
    setExitCode: (code) => {
      said.exitCode = code;
    },
  });
  await command.parseAsync(['site.yaml', ...options], { from: 'user' });
  return said;
}

describe('plant check', () => {
  test('says what is in the demo', async () => {
    const { output, errors, exitCode } = await check(DEMO_TEXT);
    expect({ errors, exitCode }).toEqual({ errors: '', exitCode: 0 });
    expect(output).toContain('site.yaml is in order.');
    expect(output).toContain('2 lines, 10 machines, 26 sensors, 3 rules');
    expect(output).toMatch(/demo\/bottling\/filler +Filler +bottling-plc +counted +0\.4-0\.75 s +3 +2/);
    expect(output).toMatch(
      /bottling-plc +opcua +opc\.tcp:\/\/127\.0\.0\.1:48401 +SignAndEncrypt Basic256Sha256, user +gateway-1 +3/,
    );
    expect(output).toContain('early 06:00-14:00 (2 breaks)');
    expect(output).toContain('env:PLANT_DEMO_OPCUA_PASSWORD');
  });

  test('asks for what a deployment needs only when it is told to', async () => {
    const text = smallSiteWith(['id: small', 'id: small\nphase: production']);
    expect(await check(text)).toMatchObject({ exitCode: 0 });
    const { errors, exitCode } = await check(text, '--deployment');
    expect(exitCode).toBe(1);
    expect(errors).toContain('site.yaml:1:1 aws.account is missing');
  });

  test('as JSON, for scripts', async () => {
    const { output, exitCode } = await check(SMALL_TEXT, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      valid: true,
      file: 'site.yaml',
      site: { id: 'small', timeZone: 'Europe/Berlin', phase: 'pilot' },
      // filler: state, produced and temperature each 250 ms, washer: pressure each 500 ms.
      totals: { lines: 1, machines: 2, sensors: 2, rules: 0, readsPerSecond: 14, valuesPerSecondAtMost: 14 },
      machines: [
        { path: 'small/line-1/filler', oee: 'counted' },
        { path: 'small/line-1/washer', oee: 'none' },
      ],
      warnings: [],
    });
  });

  test('a source that is sampled at each change has a rate too', async () => {
    const { output } = await check(
      smallSiteWith(['protocol: opcua', 'protocol: opcua, samplingIntervalMs: 0']),
      '--json',
    );
    expect(JSON.parse(output)).toMatchObject({ totals: { readsPerSecond: 8 } });
  });

  test('prints all faults on stderr and fails', async () => {
    const { output, errors, exitCode } = await check(
      smallSiteWith(['Europe/Berlin', 'Nowhere'], ['id: washer', 'id: filler']),
    );
    expect({ output, exitCode }).toEqual({ output: '', exitCode: 1 });
    expect(errors.trim().split('\n')).toEqual([
      '2 faults:',
      expect.stringContaining('site.yaml:3:11 timeZone must be the name of an IANA time zone'),
      expect.stringContaining('site.yaml:18:13 lines[0].machines[1].id must be unique'),
    ]);
  });

  test('prints faults as JSON too', async () => {
    const { output, errors, exitCode } = await check(smallSiteWith(['id: small', 'id: Small']), '--json');
    expect({ errors, exitCode }).toEqual({ errors: '', exitCode: 1 });
    expect(JSON.parse(output)).toMatchObject({
      valid: false,
      faults: [{ file: 'site.yaml', line: 2, column: 5, path: 'id', got: '"Small"' }],
    });
  });

  test('prints warnings beside and does not fail', async () => {
    const { output, errors, exitCode } = await check(smallSiteWith(['maxRatePerSecond: 5', 'maxRatePerSecond: 500']));
    expect(exitCode).toBe(0);
    expect(output).toContain('is in order');
    expect(errors).toContain('1 warning:\nsite.yaml:15:');
  });

  test('a machine without a parts counter is warned of and said to have availability alone', async () => {
    const { output, errors, exitCode } = await check(smallSiteWith([`        ${PRODUCED}\n`, '']));
    expect(exitCode).toBe(0);
    expect(output).toMatch(/small\/line-1\/filler .* availability alone /);
    expect(errors).toContain('1 warning:\nsite.yaml:14:16 lines[0].machines[0].state gives availability alone');
  });

  test.each([
    ['is misspelt', 'discrete-machin', 'Did you mean discrete-machine?'],
    ['is one of a line', 'line', 'Use one of them, or add the model and name it in the hierarchies'],
  ])('an asset model that %s is a fault with its place', async (_, model, hint) => {
    const { errors, exitCode } = await check(
      smallSiteWith(['source: modbus', `source: modbus\n        model: ${model}`]),
    );
    expect(exitCode).toBe(1);
    expect(errors).toContain(
      `1 fault:\nsite.yaml:20:16 lines[0].machines[1].model must be an asset model that a line takes as a machine (assets/asset-models), got: "${model}". Allowed: discrete-machine, discrete-machine-native. ${hint}`,
    );
  });

  test("tells the asset models' faults beside the site file's, since one deployment takes both", async () => {
    const faulty = () => loadAssetModels([{ file: 'assets/asset-models/sensor.yaml', text: FAULTY_MODEL }]);
    const one = await checkWith(faulty, SMALL_TEXT);
    expect({ output: one.output, exitCode: one.exitCode }).toEqual({ output: '', exitCode: 1 });
    expect(one.errors).toMatch(/^\n1 fault:\nassets\/asset-models\/sensor\.yaml:\d+:\d+ properties\[0\].*Meter/);
    const { output } = await checkWith(faulty, smallSiteWith(['id: small', 'id: Small']), '--json');
    expect(JSON.parse(output)).toMatchObject({
      valid: false,
      faults: [
        { file: 'site.yaml', path: 'id' },
        { file: 'assets/asset-models/sensor.yaml', line: expect.any(Number) },
      ],
    });
  });

  test('says in a sentence that the asset models can not be read', async () => {
    const unreadable = () => {
      throw new UserFault('The asset models in models cannot be read (ENOENT).');
    };
    const { errors, exitCode } = await checkWith(unreadable, SMALL_TEXT);
    expect({ errors, exitCode }).toEqual({
      errors: 'The asset models in models cannot be read (ENOENT).\n',
      exitCode: 1,
    });
    const { output } = await checkWith(unreadable, SMALL_TEXT, '--json');
    expect(JSON.parse(output)).toMatchObject({ valid: false, message: expect.stringContaining('ENOENT'), faults: [] });
  });

  test('says so where there is no such file', async () => {
    const command = checkCommand({
      readModels: () => MODELS,
      readText: () => {
        throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      },
      write: () => undefined,
      writeError: (text) => expect(text).toContain("nowhere.yaml:1:1 can't be read: there is no such file"),
      setExitCode: (code) => expect(code).toBe(1),
    });
    await command.parseAsync(['nowhere.yaml'], { from: 'user' });
    expect.assertions(2);
  });
});
