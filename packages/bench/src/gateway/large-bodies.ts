import type { Running } from './processes.ts';
import { watchMemory } from './watch-process.ts';

const gibibyte = 1024 ** 3;
const growthMiB = 96;

/** A gibibyte up and down through the gateway, with its memory watched. */
export const largeBodies = async (key: string, gateway: Running): Promise<void> => {
  const headers = { 'x-api-key': key };
  const memory = watchMemory(gateway);
  const uploading = performance.now();
  const uploaded = await fetch(`${gateway.url}/api/upload`, {
    method: 'POST',
    headers,
    body: bytes(gibibyte),
    duplex: 'half',
  } as RequestInit);
  const { size } = (await uploaded.json()) as { size: number };
  if (size !== gibibyte) throw new Error(`the service got ${size} bytes`);
  report('1 GiB up, chunked', uploading, memory.take());
  const downloading = performance.now();
  const downloaded = await fetch(`${gateway.url}/api/download/${gibibyte}`, { headers });
  let received = 0;
  for await (const chunk of downloaded.body ?? []) received += chunk.length;
  if (received !== gibibyte) throw new Error(`${received} bytes came back`);
  report('1 GiB down', downloading, memory.take());
  memory.stop();
};

const report = (what: string, begun: number, { before, most }: { before: number; most: number }) => {
  const seconds = (performance.now() - begun) / 1000;
  const met = most - before <= growthMiB ? 'met' : 'MISSED';
  process.stdout.write(
    `${what.padEnd(20)} ${seconds.toFixed(1)} s, ${(1024 / seconds).toFixed(0)} MiB/s; gateway ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most  ${met}\n`,
  );
};

function* blocks(count: number) {
  const block = Buffer.alloc(64 * 1024, 'vindima ');
  for (let left = count; left > 0; left -= block.length) yield block;
}
const bytes = (count: number) => ReadableStream.from(blocks(count)) as ReadableStream<Uint8Array>;
