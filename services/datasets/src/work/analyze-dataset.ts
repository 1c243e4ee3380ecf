import type { AnalysisType, AnalyzeAnswer } from '@vindima/contracts';
import { getDataset } from '../db/datasets.ts';
import type { Tools, WorkOptions } from './tools.ts';

/** Computes statistics of a table; nothing is stored. */
export const analyzeDataset = async (
  { context, engine, store }: Tools,
  fileId: string,
  type: AnalysisType,
  columns: readonly string[] | undefined,
  { timeout, signal, caller }: Omit<WorkOptions, 'id'>,
): Promise<AnalyzeAnswer> => {
  const source = await getDataset(context.database.query, fileId);
  return engine.withFolder((folder) =>
    store.withTable(source, (path) =>
      engine.run('analyze', { path, type, columns }, { folder, timeout, signal, caller, readable: [path] }),
    ),
  );
};
