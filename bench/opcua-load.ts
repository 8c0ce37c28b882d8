/** What the load server of the edge benchmark does. */
export interface OpcUaLoadOptions {
  readonly port: number;
  readonly nodes: number;
  /** Each node changes once per interval, ms. */
  readonly intervalMs: number;
  readonly pkiFolder: string;
}
