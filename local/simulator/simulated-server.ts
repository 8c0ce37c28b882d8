import type { PlcView } from './model/plant.ts';

/** A simulated PLC's server. */
export interface SimulatedServer {
  /** Id of the source in the site file. */
  readonly sourceId: string;
  /** As a client would write it, e.g. `opc.tcp://127.0.0.1:48401`. */
  readonly address: string;
  /** Paths of the machines that it serves. */
  readonly machinePaths: readonly string[];
  /** Opens the port. @throws UserFault where it is taken */
  start(): Promise<void>;
  /** Closes the port and all connections; it can be started again. */
  stop(): Promise<void>;
  /**
   * Shows the plant's present condition to the clients.
   * @param sensorsToo sensors need it less often than states and counters.
   */
  update(viewOf: (machinePath: string) => PlcView, sensorsToo: boolean): void;
}
