import { ServiceError } from '@vindima/contracts';
import { reasonOf } from '../signature/probe.ts';
import type { WireError } from '../trial/messages.ts';

/** An error of a run on its way to another thread or process. */
export const toWire = (error: unknown): WireError =>
  error instanceof ServiceError
    ? { status: error.status, code: error.code, message: error.message, details: error.details }
    : {
        status: 422,
        code: 'inference.run_failed',
        message: `The model cannot compute this: ${reasonOf(error)}`,
        details: {},
      };

/** The error again, on the other side. */
export const fromWire = ({ status, code, message, details }: WireError): ServiceError =>
  new ServiceError(status, code, message, { details });
