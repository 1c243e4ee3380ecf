import { request } from 'undici';

/** What the benchmark calls of the pricing service. */
export const client = (url: string) => {
  const json = async <Body>(path: string, body?: object): Promise<Body> => {
    const response = await fetch(url + path, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
  return {
    json,
    /** Has the sandbox's store grow. */
    fill: async (count: number) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ count }) };
      const response = await fetch(`${url}/sandbox/store/fill`, init);
      if (!response.ok) throw new Error(await response.text());
    },
    /** Starts a job and waits for its end. @returns how long that took, in milliseconds, and its result */
    job: async <Result>(path: string, body: object) => {
      const began = performance.now();
      const { id } = await json<{ id: string }>(path, body);
      for (;;) {
        const job = await json<{ state: string; error: unknown; result: Result }>(`/jobs/${id}`);
        if (job.state === 'succeeded') return { milliseconds: performance.now() - began, result: job.result };
        if (job.state === 'failed') throw new Error(JSON.stringify(job.error));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    /** @returns an answer as it is sent */
    bytes: async (path: string) => Buffer.from(await (await fetch(url + path)).arrayBuffer()),
    /** @returns how long one answer took until its last byte, in milliseconds, and its size */
    time: async (path: string) => {
      const began = performance.now();
      // Not `fetch`, whose streams take longer for large answers than many servers do.
      const { statusCode, body } = await request(url + path, { headers: { 'accept-encoding': 'identity' } });
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
      return { milliseconds: performance.now() - began, bytes };
    },
  };
};
export type Client = ReturnType<typeof client>;
