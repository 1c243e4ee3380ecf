import { noSpace } from '@vindima/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Of a body that is not a file. */
const smallBytes = 1024 * 1024;
const isText = /^(application\/(json|csv|x-www-form-urlencoded)|text\/)/i;

const isFile = ({ headers, routeOptions }: FastifyRequest): boolean => {
  const { 'content-length': length, 'content-type': type } = headers;
  const isChunked = headers['transfer-encoding'] !== undefined;
  if (!isChunked && !(Number(length ?? 0) > 0)) return false;
  if (type !== undefined && !isText.test(type)) return true;
  return isChunked ? (routeOptions.bodyLimit ?? 0) > smallBytes : Number(length) > smallBytes;
};

/** Refuses files, before they are read, while a disk has little room left: the rest of it is for what must be written. */
export const refuseFilesWhen = (app: FastifyInstance, service: string, isLow: () => boolean): void => {
  app.addHook('onRequest', (request, _, done) => {
    if (isLow() && isFile(request)) done(noSpace(service));
    else done();
  });
};
