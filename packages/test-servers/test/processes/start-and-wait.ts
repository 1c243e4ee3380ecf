// Starts a server of its own, prints its port, and waits to be killed.
import { startNatsServer } from '../../src/servers.ts';

const { port } = await startNatsServer();
process.stdout.write(`${port}\n`);
setInterval(() => {}, 60_000);
