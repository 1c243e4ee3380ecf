import type { UpstreamClient } from '@vindima/service-kit';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Finding, toFindings } from '../tagger.ts';
import { explainedStatuses, failureOf, jsonOf, TaggerFailure } from './tagger-failure.ts';

/** `GET /tags` of Imagga v2 (https://docs.imagga.com). */
const Tagged = Type.Object({
  result: Type.Object({
    tags: Type.Array(
      Type.Object({
        confidence: Type.Number({ minimum: 0, maximum: 100 }),
        tag: Type.Object({ en: Type.String() }),
      }),
    ),
  }),
});
/** Version 2 says why in `status.text`, version 1 beside `status`. */
const Status = Type.Object({ status: Type.Object({ text: Type.String(), type: Type.String() }) });
const OlderStatus = Type.Object({ status: Type.String(), message: Type.String() });

export interface ImaggaOptions {
  /** For one answer. */
  readonly timeoutMs: number;
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const upstream = 'Imagga';

const textOf = (answer: unknown): string => {
  if (Value.Check(Status, answer)) return answer.status.text;
  return Value.Check(OlderStatus, answer) ? answer.message : '';
};

const isFailure = (answer: unknown): boolean =>
  (Value.Check(Status, answer) && answer.status.type === 'error') || Value.Check(OlderStatus, answer);

export const createImagga = (http: UpstreamClient, { url, apiKey, apiSecret, timeoutMs }: ImaggaOptions) => {
  const headers = { authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}` };
  return {
    /** Tags the picture at a public URL. */
    async tag(imageUrl: string, signal: AbortSignal): Promise<Finding[]> {
      const response = await http.request({
        upstream,
        url: `${url}/tags?${new URLSearchParams({ image_url: imageUrl, language: 'en' })}`,
        headers,
        timeoutMs,
        maximumBytes: 4 * 1024 * 1024,
        // Every call is billed: whether to ask again is decided by what the answer means, not by its status.
        retries: 0,
        accept: explainedStatuses,
        signal,
      });
      const answer = jsonOf(response);
      if (response.status >= 300) throw failureOf(upstream, response, textOf(answer));
      if (isFailure(answer)) throw failureOf(upstream, response, textOf(answer), 'outage');
      if (!Value.Check(Tagged, answer))
        throw new TaggerFailure(upstream, 'outage', 'its answer is not what its documentation says');
      return toFindings(answer.result.tags.map(({ confidence, tag }) => ({ tag: tag.en, confidence })));
    },
  };
};

export type Imagga = ReturnType<typeof createImagga>;
