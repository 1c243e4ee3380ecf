/** The limit to measure against: Fastify and one route that sends the bytes of a file. Arguments: port, file. */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

const [port, file] = process.argv.slice(2);
const bytes = readFileSync(file ?? '');
const app = Fastify();
app.get('/producaoCSV', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
await app.listen({ port: Number(port), host: '127.0.0.1' });
