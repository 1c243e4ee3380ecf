import type { Machine } from './machine.ts';

/** What each instruction does, by its byte as a character: the notation of Python's own pickletools. */
export type Operations = Readonly<Record<string, (machine: Machine) => void>>;
