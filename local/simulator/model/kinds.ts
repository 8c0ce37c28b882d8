import type { Site } from '../../../core/site/site.ts';

/** How the simulation plays a machine, from the site file. */
export type MachineSimulation = NonNullable<Site['simulation']>['machines'][string];

/** What distinguishes the kinds of machines; times in seconds. */
export interface Kind {
  /** Share of the lost time that micro-stops make; the rest is faults. */
  readonly microStopShare: number;
  /** A micro-stop's length is even between these. */
  readonly microStopSeconds: readonly [number, number];
  /** Mean time to repair [ISO 22400 MTTR]. */
  readonly repairSeconds: number;
  /** Actual speed against the ideal cycle: a value between these holds for some minutes. */
  readonly speed: readonly [number, number];
  /** How much one cycle differs from the next, as a share. */
  readonly cycleJitter: number;
  /** How long the buffer behind such a machine lasts at the ideal rate, but four parts at least. */
  readonly bufferSeconds: number;
  /** How long a change of product takes. */
  readonly changeoverSeconds: readonly [number, number];
  /** How long one product runs between changeovers. */
  readonly campaignSeconds: readonly [number, number];
}

export const KINDS: Readonly<Record<MachineSimulation['kind'], Kind>> = {
  bottling: {
    microStopShare: 0.35,
    microStopSeconds: [2, 20],
    repairSeconds: 210,
    speed: [0.9, 0.985],
    cycleJitter: 0,
    bufferSeconds: 75,
    changeoverSeconds: [420, 840],
    campaignSeconds: [9_000, 18_000],
  },
  packaging: {
    microStopShare: 0.45,
    microStopSeconds: [3, 20],
    repairSeconds: 170,
    speed: [0.95, 1],
    cycleJitter: 0.03,
    bufferSeconds: 75,
    changeoverSeconds: [300, 600],
    campaignSeconds: [9_000, 18_000],
  },
  machining: {
    microStopShare: 0.15,
    microStopSeconds: [6, 20],
    repairSeconds: 600,
    speed: [0.9, 0.99],
    cycleJitter: 0.04,
    bufferSeconds: 240,
    changeoverSeconds: [900, 1_800],
    campaignSeconds: [14_400, 28_800],
  },
  robot: {
    microStopShare: 0.3,
    microStopSeconds: [3, 20],
    repairSeconds: 260,
    speed: [0.92, 1],
    cycleJitter: 0.06,
    bufferSeconds: 180,
    changeoverSeconds: [420, 900],
    campaignSeconds: [14_400, 28_800],
  },
};
