import { FormData, type UpstreamClient, type UpstreamResponse } from '@vindima/service-kit';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { explainedStatuses, failureOf, jsonOf, TaggerFailure } from './tagger-failure.ts';

/** The parts of ImageKit's answers that are used (https://imagekit.io/docs/api-reference). */
const Uploaded = Type.Object({ fileId: Type.String({ minLength: 1 }), url: Type.String({ pattern: '^https?://' }) });
const Failure = Type.Object({ message: Type.String() });
const Listing = Type.Array(Type.Object({ fileId: Type.String(), name: Type.String() }));

export interface ImageKitOptions {
  /** For one answer. */
  readonly timeoutMs: number;
  readonly uploadUrl: string;
  readonly apiUrl: string;
  readonly privateKey: string;
}

/** Where the copies are kept for the seconds they live. */
const folder = '/vindima';
const upstream = 'ImageKit';

/** What the service needs of ImageKit: a public URL for a picture, for as long as Imagga reads it. */
export const createImageKit = (http: UpstreamClient, { uploadUrl, apiUrl, privateKey, timeoutMs }: ImageKitOptions) => {
  // The private key is the user name, and there is no password.
  const headers = { authorization: `Basic ${Buffer.from(`${privateKey}:`).toString('base64')}` };
  /** 403 is a used up plan, but also an unknown, expired or disabled account. */
  const failure = (response: UpstreamResponse, answer: unknown): TaggerFailure => {
    const message = Value.Check(Failure, answer) ? answer.message : '';
    const isRejected = response.status === 403 && !/limit|quota|exceeded/i.test(message);
    return isRejected ? failureOf(upstream, response, message, 'credentials') : failureOf(upstream, response, message);
  };

  return {
    async upload(name: string, bytes: Buffer, contentType: string, signal: AbortSignal) {
      const body = new FormData();
      body.set('file', new File([new Uint8Array(bytes)], name, { type: contentType }));
      body.set('fileName', name);
      body.set('folder', folder);
      body.set('useUniqueFileName', 'false');
      const response = await http.request({
        upstream,
        url: uploadUrl,
        method: 'POST',
        headers,
        body,
        timeoutMs,
        maximumBytes: 1024 * 1024,
        accept: explainedStatuses,
        signal,
      });
      const answer = jsonOf(response);
      if (response.status >= 300) throw failure(response, answer);
      if (!Value.Check(Uploaded, answer))
        throw new TaggerFailure(upstream, 'outage', 'its answer is not what its documentation says');
      return answer;
    },

    /** Removes a copy; one that is not there is no error. */
    async remove(fileId: string): Promise<void> {
      const response = await http.request({
        upstream,
        url: `${apiUrl}/files/${encodeURIComponent(fileId)}`,
        method: 'DELETE',
        headers,
        timeoutMs: Math.min(timeoutMs, 5000),
        retries: 2,
        accept: [400, 401, 403, 404],
      });
      if (response.status < 300 || response.status === 404) return;
      throw failure(response, jsonOf(response));
    },

    /** The copies that carry a name: an upload whose answer was lost has one all the same. */
    async find(name: string): Promise<readonly string[]> {
      const query = new URLSearchParams({ path: folder, limit: '1000', searchQuery: `name = "${name}"` });
      const response = await http.request({
        upstream,
        url: `${apiUrl}/files?${query}`,
        headers,
        timeoutMs: Math.min(timeoutMs, 5000),
        retries: 1,
        accept: [400, 401, 403],
      });
      const answer = jsonOf(response);
      if (response.status >= 300) throw failure(response, answer);
      if (!Value.Check(Listing, answer))
        throw new TaggerFailure(upstream, 'outage', 'its answer is not what its documentation says');
      return answer.filter((file) => file.name === name).map(({ fileId }) => fileId);
    },
  };
};

export type ImageKit = ReturnType<typeof createImageKit>;
