import type { ErrorBody } from '@vindima/contracts';
import type { Limits } from '../limits.ts';

/** What the service asks an engine process to do. */
export interface EngineRequest {
  readonly id: number;
  readonly task: string;
  /** Its own folder: the only place, besides `readable`, that the engine can see. Removed by the service. */
  readonly folder: string;
  /** Files or folders that DuckDB may read besides its folder. */
  readonly readable: readonly string[];
  readonly limits: Limits;
  readonly input: unknown;
}

/** What an engine process answers; `error` is meant for the caller. */
export type EngineAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown; readonly memory: number }
  | { readonly id: number; readonly ok: false; readonly error: ErrorBody; readonly memory: number };
