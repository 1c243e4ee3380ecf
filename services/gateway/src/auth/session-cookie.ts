import { sessionCookie } from '@vindima/contracts';
import type { PublicPlace } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Reads and writes the cookie that keeps a browser logged in: its scripts do not see it, and links from elsewhere bring it, but nothing else from there. */
export const createSessionCookie = ({ base, secure }: Pick<PublicPlace, 'base' | 'secure'>, seconds: number) => {
  // Behind a trusted proxy the protocol is what its `X-Forwarded-Proto` says.
  const write = ({ protocol }: Pick<FastifyRequest, 'protocol'>, reply: FastifyReply, value: string, maxAge: number) =>
    reply.header(
      'set-cookie',
      `${sessionCookie}=${value}; Path=${base === '' ? '/' : base}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${
        secure || protocol === 'https' ? '; Secure' : ''
      }`,
    );
  return {
    set: (request: Pick<FastifyRequest, 'protocol'>, reply: FastifyReply, secret: string) =>
      write(request, reply, secret, seconds),
    clear: (request: Pick<FastifyRequest, 'protocol'>, reply: FastifyReply) => write(request, reply, '', 0),
  };
};
export type SessionCookie = ReturnType<typeof createSessionCookie>;

/** @returns undefined for a request that brings none */
export const readSessionCookie = (header: string | undefined): string | undefined => {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === sessionCookie && value !== undefined && value !== '') return value;
  }
  return undefined;
};
