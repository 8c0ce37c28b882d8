/** The options of a gateway process, given as JSON in its only argument. */
export interface EdgeOptions {
  /** The site file's path. */
  readonly siteFile: string;
  /** The data folder; the gateway's own part is `edge/<gateway>/` in it. */
  readonly dataFolder: string;
  /** The LAN broker, e.g. `mqtt://127.0.0.1:18830`. */
  readonly brokerUrl: string;
  /** Which gateway of the site this is. */
  readonly gateway: string;
  /** How much the log says. @default info */
  readonly logLevel?: string;
}
