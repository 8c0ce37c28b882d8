import type { SensorConfig } from '../../../core/site/schema.ts';
import type { Machine } from '../../../core/site/site.ts';
import type { SimulatedMachine } from './machine.ts';
import { hashOf, noiseAt } from './random.ts';

/** A sensor's value in engineering units: a function of the machine's condition and the time, whenever it is read. */
export type Sensor = (machine: SimulatedMachine, timeMs: number, product: string) => number | boolean | string;

/** Temperature of the hall, °C. */
const AMBIENT = 22;

/** How a physical quantity follows the machine: value = idle + (nominal - idle) x driver + wear² x wear + noise. */
interface Profile {
  readonly matches: RegExp;
  /** Where in [minimum, maximum] it lies at full load; `value` where the quantity itself says so. */
  readonly share: number;
  readonly value?: number;
  readonly driver: 'heat' | 'load' | 'none';
  /** Value at standstill: of the nominal one, or the hall's temperature. */
  readonly idle: number | 'ambient';
  /** What a worn-out bearing adds. */
  readonly wear: number;
  /** Share of the nominal value. */
  readonly noise: number;
  /** Over how many seconds the noise changes. */
  readonly noiseSeconds: number;
}

const warm = { driver: 'heat', idle: 'ambient', noise: 0.006, noiseSeconds: 25 } as const;
const PROFILES: readonly Profile[] = [
  { ...warm, matches: /(bearing|spindle|motor|axis|gear).*(temperature|°C)/i, share: 0.5, value: 54, wear: 62 },
  { ...warm, matches: /coolant.*(temperature|°C)/i, share: 0.5, value: 26, wear: 0 },
  { ...warm, matches: /(glue|hot|seal|oven).*(temperature|°C)/i, share: 0.75, wear: 0, noise: 0.004 },
  { ...warm, matches: /temperature|°C/i, share: 0.6, wear: 0 },
  {
    matches: /vibration|mm\/s/i,
    share: 0.05,
    value: 2.1,
    driver: 'load',
    idle: 0.1,
    wear: 9.5,
    noise: 0.09,
    noiseSeconds: 1.5,
  },
  { matches: /vacuum/i, share: 0.35, driver: 'none', idle: 1, wear: 0, noise: 0.03, noiseSeconds: 4 },
  { matches: /pressure|bar/i, share: 0.5, driver: 'load', idle: 0.93, wear: 0, noise: 0.015, noiseSeconds: 6 },
  {
    matches: /current|power|torque|force| A | kW/i,
    share: 0.35,
    driver: 'load',
    idle: 0.08,
    wear: 0,
    noise: 0.04,
    noiseSeconds: 2,
  },
  { matches: /speed|flow|rate/i, share: 0.35, driver: 'load', idle: 0, wear: 0, noise: 0.01, noiseSeconds: 3 },
  { matches: /level/i, share: 0.6, driver: 'none', idle: 1, wear: 0, noise: 0.35, noiseSeconds: 400 },
  { matches: /./, share: 0.5, driver: 'load', idle: 0.5, wear: 0, noise: 0.02, noiseSeconds: 5 },
];

/** The sensors of a machine by id. What a sensor measures is told by its id, name and unit. */
export function sensorsOf(machine: Machine, seed: number): ReadonlyMap<string, Sensor> {
  return new Map(machine.sensors.map((sensor) => [sensor.id, sensorOf(sensor, hashOf(seed, machine.path, sensor.id))]));
}

function sensorOf(sensor: SensorConfig, seed: number): Sensor {
  const words = `${sensor.id} ${sensor.name ?? ''} ${sensor.unit ?? ''} `;
  if (sensor.type === 'STRING') return (_, __, product) => product;
  if (sensor.type === 'BOOLEAN') return switchOf(words, seed);
  const number = quantityOf(words, sensor, seed);
  return sensor.type === 'INTEGER' ? (condition, timeMs) => Math.round(number(condition, timeMs)) : number;
}

function switchOf(words: string, seed: number): Sensor {
  if (/closed|locked/i.test(words)) return ({ state }) => state !== 'FAULT' && state !== 'CHANGEOVER';
  if (/open|alarm|fault/i.test(words)) return ({ state }) => state === 'FAULT';
  if (/heater|pump|valve|cool/i.test(words)) return (_, timeMs) => noiseAt(seed, timeMs / 45_000) > 0;
  return ({ state }) => state === 'RUNNING';
}

function quantityOf(words: string, sensor: SensorConfig, seed: number) {
  const profile = PROFILES.find(({ matches }) => matches.test(words)) ?? PROFILES.at(-1);
  const low = sensor.minimum ?? 0;
  const high = sensor.maximum ?? Math.max(low + 100, 100);
  const proper = profile?.value;
  const nominal =
    proper !== undefined && proper > low && proper < high ? proper : low + (profile?.share ?? 0.5) * (high - low);
  const idle = profile?.idle === 'ambient' ? Math.min(AMBIENT, nominal) : nominal * (profile?.idle ?? 1);
  // Ever so slightly inside of the limits: what lies outside would be marked as doubtful.
  const margin = (high - low) * 0.01;
  return (machine: SimulatedMachine, timeMs: number): number => {
    const driver = profile?.driver === 'heat' ? machine.heat : profile?.driver === 'load' ? machine.load : 1;
    const noise =
      Math.abs(nominal) * (profile?.noise ?? 0) * noiseAt(seed, timeMs / 1000 / (profile?.noiseSeconds ?? 5));
    const drift = Math.abs(nominal) * 0.01 * noiseAt(seed ^ 0x55, timeMs / 3_600_000);
    const wear = (profile?.wear ?? 0) * machine.wear * machine.wear * Math.min(driver + 0.3, 1);
    const value = idle + (nominal - idle) * driver + wear + noise * (0.3 + 0.7 * machine.load) + drift;
    return Math.round(Math.min(Math.max(value, low + margin), high - margin) * 1000) / 1000;
  };
}
