/** What a store says about itself; pino's loggers fit. */
export interface ObjectStoreLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
