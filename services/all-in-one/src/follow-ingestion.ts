import type { Job } from '@vindima/contracts';
import type { Platform } from './platform.ts';

/** Shows how the newest ingestion of wine statistics goes, and how it ended: a bar on a terminal, plain lines elsewhere. */
export const followIngestion = async (platform: Platform, output: NodeJS.WriteStream): Promise<void> => {
  const wine = platform.services.find(({ name }) => name === 'wine');
  if (wine === undefined) return;
  const headers = { 'x-internal-token': platform.internalToken };
  const ask = async <Answer>(url: string) => (await wine.app.inject({ url, headers })).json<Answer>();
  const [newest] = (await ask<{ items: Job[] }>('/jobs?kind=wine.ingest&limit=1')).items;
  if (newest === undefined) {
    output.write('wine: nothing to ingest\n');
    return;
  }
  let job = newest;
  let shown = '';
  while (job.finished_at === null && !wine.app.closing.aborted) {
    shown = show(output, job, shown);
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await ask<Job>(`/jobs/${job.id}`);
  }
  if (output.isTTY) output.write('\r\u001b[K');
  output.write(`wine: ${job.state}, ${job.error?.error ?? job.message}\n`);
};

const show = (output: NodeJS.WriteStream, job: Job, shown: string): string => {
  const percent = `${Math.round(job.progress * 100)}%`.padStart(4);
  if (output.isTTY) {
    const filled = Math.round(job.progress * 30);
    output.write(`\r\u001b[Kwine: ${'█'.repeat(filled)}${'░'.repeat(30 - filled)}${percent}  ${job.message}`);
    return '';
  }
  const line = `wine: ${percent} ${job.message}`;
  if (line !== shown) output.write(`${line}\n`);
  return line;
};
