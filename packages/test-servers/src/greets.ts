import { connect } from 'node:net';

/** Whether a server on the port sends its greeting, which both NATS and MariaDB do as soon as they are ready. */
export function greets(port: number, isGreeting: (data: Buffer) => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1000, () => answer(false));
    socket.once('data', (data) => answer(isGreeting(data)));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });
}
