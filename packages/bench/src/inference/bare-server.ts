/** The limit to measure against: Fastify and a route that validates a row and echoes it. Argument: port. */
import Fastify from 'fastify';

const number = { type: 'number' };
const row = {
  type: 'object',
  required: ['SepalLengthCm', 'SepalWidthCm', 'PetalLengthCm', 'PetalWidthCm'],
  properties: { SepalLengthCm: number, SepalWidthCm: number, PetalLengthCm: number, PetalWidthCm: number },
};
const app = Fastify();
app.post('/model/classify', { schema: { body: row, response: { 200: row } } }, async (request) => request.body);
app.get('/health', async () => ({ status: 'ok' }));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
