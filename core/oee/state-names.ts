import type { MachineState } from '../telemetry/types.ts';

/** The states as a person reads them. */
export const STATE_NAMES: Readonly<Record<MachineState, string>> = {
  RUNNING: 'Running',
  IDLE: 'Idle',
  FAULT: 'Fault',
  CHANGEOVER: 'Changeover',
  PLANNED_STOP: 'Planned stop',
  UNKNOWN: 'Unknown',
};
