/** How the name of a suite begins that was skipped for want of a server. */
export const MISSING_BACKEND = 'missing backend: ';
