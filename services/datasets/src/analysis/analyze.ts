import type { AnalysisType, AnalyzeAnswer } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { openTable } from '../steps/table.ts';
import { correlation } from './correlation.ts';
import { descriptive } from './descriptive.ts';
import { profile } from './profile.ts';

export interface AnalyzeInput {
  /** The stored table. */
  readonly path: string;
  readonly type: AnalysisType;
  readonly columns: readonly string[] | undefined;
}

const analyses = { descriptive, profile, correlation } as const;

/** Computes one of the analyses of a stored table. */
export const analyze = async (session: Session, { path, type, columns }: AnalyzeInput): Promise<AnalyzeAnswer> => {
  const table = await openTable(session, path);
  return { analysis: await analyses[type](session, table, columns) };
};
