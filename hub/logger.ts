/** The part of pino's logger that the hub uses. Details never hold secrets or whole messages. */
export interface HubLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
