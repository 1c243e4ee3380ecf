import type { App } from '@vindima/service-kit';
import type { SandboxConfig } from './config.ts';

/** The stand-in for one public API: routes on paths of its own, so that all fit on one port. */
export interface Upstream {
  readonly name: string;
  /** What follows the sandbox's address in the variable that points a service here: `/download`. */
  readonly basePath: string;
  /** Adds the routes. The app is an encapsulated Fastify context: parsers and hooks set in it stay in it. Dated data goes by the clock. */
  readonly register: (app: App, config: SandboxConfig, clock: () => Date) => void | Promise<void>;
}
