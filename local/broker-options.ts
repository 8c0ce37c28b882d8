/** The options of the broker process, given as JSON in its only argument. */
export interface BrokerOptions {
  /** Port on loopback. */
  readonly port: number;
}
