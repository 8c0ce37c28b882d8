/** What the load server of the edge benchmark does. */
export interface OpcUaLoadOptions {
  readonly port: number;
  readonly machines: number;
  readonly sensorsPerMachine: number;
  /** Each sensor and each counter changes once per interval, ms; a machine's state stays 1. */
  readonly intervalMs: number;
  readonly pkiFolder: string;
}

/** The node ids of a machine's signals, without the namespace. */
export const loadNodes = {
  state: (machine: number) => `machine-${machine}.state`,
  produced: (machine: number) => `machine-${machine}.produced`,
  sensor: (machine: number, sensor: number) => `machine-${machine}.sensor-${sensor}`,
} as const;
