// Tries the examples in deploy/proxy with the real nginx and Caddy (Debian: apt-get install nginx caddy), and what AUTH=local does behind an
// nginx that is told nothing but where:
//
//   node deploy/try/proxies.ts
//
// It starts two platforms on free ports, each with a folder of its own, and prints a table; it ends with 1 when a line is not as it
// should be.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const password = 'the admin who tries proxies';
const root = join(import.meta.dirname, '..', '..');
const folder = await mkdtemp(join(tmpdir(), 'vindima-proxies-'));
const children: ChildProcess[] = [];
const results: { good: boolean }[] = [];
const note = (what: string, was: unknown, good: boolean) => {
  results.push({ good });
  process.stdout.write(`${good ? 'ok ' : 'NOT'}  ${what}: ${was}\n`);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

const start = (command: string, args: readonly string[], environment: Record<string, string> = {}) => {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.once('error', (error) => {
    process.stderr.write(`${command} cannot be started; is it installed? ${error.message}\n`);
    process.exit(1);
  });
  children.push(child);
};

/** Waits until something answers there. */
const answers = async (url: string) => {
  for (const deadline = Date.now() + 180_000; Date.now() < deadline; await sleep(100)) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined && response.status < 500) return;
  }
  throw new Error(`${url} does not answer`);
};

/** All services in one process. @returns the gateway's port */
const platform = async (name: string, environment: Record<string, string>): Promise<number> => {
  const port = await freePort();
  const services = ['WINE', 'IMAGES', 'DATASETS', 'INFERENCE', 'PRICING', 'SANDBOX'];
  const ports = Object.fromEntries(services.map((service) => [`${service}_PORT`, '0']));
  const own = { DATA_DIR: join(folder, name), LOG_LEVEL: 'error', ADMIN_PASSWORD: password, ...environment };
  start(process.execPath, ['services/all-in-one/src/main.ts'], { ...own, ...ports, GATEWAY_PORT: String(port) });
  await answers(`http://127.0.0.1:${port}/health/ready`);
  return port;
};

/** An nginx with the given server. */
const nginx = async (name: string, server: string) => {
  const file = join(folder, `${name}.conf`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, `${name}-${kind}`)};`)
    .join(' ');
  const http = `http { access_log off; ${paths}\n${server}\n}`;
  await writeFile(file, `daemon off; pid ${join(folder, `${name}.pid`)}; error_log stderr crit; events {}\n${http}\n`);
  start('nginx', ['-e', 'stderr', '-p', folder, '-c', file]);
};

/** A Caddy with the given sites; it makes no certificates, and trusts none of its own. */
const caddy = async (name: string, sites: string) => {
  const file = join(folder, name);
  const options = '{\n\tadmin off\n\tauto_https off\n\tskip_install_trust\n\tlog {\n\t\tlevel ERROR\n\t}\n}\n';
  await writeFile(file, options + sites);
  start('caddy', ['run', '--config', file, '--adapter', 'caddyfile']);
};

const logIn = async (url: string) => {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return { authorization: `Bearer ${access_token}` };
};

/** How long an event takes from a command to whoever watches, in ms. */
const eventThrough = async (url: string, headers: Record<string, string>): Promise<number> => {
  const stream = await fetch(`${url}/events`, { headers, signal: AbortSignal.timeout(60_000) });
  const chunks = stream.body?.getReader();
  const began = performance.now();
  const body = new FormData();
  body.set('file', new Blob(['a\n1\n']), 'a.csv');
  await fetch(`${url}/api/upload`, { method: 'POST', headers, body });
  let text = '';
  while (!text.includes('events.datasets.imported')) {
    const part = await chunks?.read();
    if (part === undefined || part.done) throw new Error('the stream ended');
    text += Buffer.from(part.value).toString();
  }
  await chunks?.cancel();
  return performance.now() - began;
};

/** What the examples promise, through a proxy that was started with one of them. */
const tryExample = async (name: string, url: string) => {
  await answers(`${url}/health/live`);
  const outside = await fetch(`${url}/jobs`);
  note(`${name}: GET /jobs without a login`, outside.status, outside.status === 401);
  const headers = await logIn(url);
  const spoofed = { ...headers, 'x-forwarded-for': '198.51.100.7' };
  await fetch(`${url}/users`, {
    method: 'POST',
    headers: { ...spoofed, 'content-type': 'application/json' },
    body: '{}',
  });
  await sleep(600);
  const audit = (await (await fetch(`${url}/audit?limit=5`, { headers })).json()) as {
    items: { path: string; address: string }[];
  };
  const address = audit.items.find(({ path }) => path === '/users')?.address;
  note(`${name}: the address in the audit log, with a made-up X-Forwarded-For`, address, address === '127.0.0.1');
  const body = new FormData();
  body.set('file', new Blob([`a,b\n${'1,2\n'.repeat(3_000_000)}`]), 'a.csv');
  const uploaded = await fetch(`${url}/api/upload`, { method: 'POST', headers, body });
  note(`${name}: an upload of 12 MB`, uploaded.status, uploaded.status === 201);
  const ms = await eventThrough(url, headers);
  note(`${name}: an event through the stream, in ms`, Math.round(ms), ms < 10_000);
};

/** The server of the example on another port, without TLS, for another gateway. */
const withoutTls = (text: string, port: number, gateway: number) =>
  text
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/ssl_certificate(_key)? [^;]+;/g, '')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${gateway}`);

try {
  const local = await platform('local', { AUTH: 'local' });
  const required = await platform('required', { AUTH: 'required', TRUSTED_PROXIES: '127.0.0.1' });
  const direct = `http://127.0.0.1:${local}`;
  const program = await fetch(`${direct}/jobs`);
  note('AUTH=local, a program of this machine: GET /jobs', program.status, program.status === 200);
  const asOutsider = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'eve', password: 'long enough for eve', role: 'admin' }),
  };
  for (const [name, lines, mayRead] of [
    ['a bare proxy_pass', '', false],
    ['proxy_http_version 1.1 and no headers', 'proxy_http_version 1.1; proxy_set_header Connection "";', true],
  ] as const) {
    const port = await freePort();
    const location = `location / { proxy_pass http://127.0.0.1:${local}; ${lines} }`;
    await nginx(`nginx-${port}`, `server { listen 127.0.0.1:${port}; ${location} }`);
    await answers(`http://127.0.0.1:${port}/health/live`);
    const read = await fetch(`http://127.0.0.1:${port}/jobs`);
    const { error } = (await read.json()) as { error?: string };
    const isRight = mayRead ? read.status === 200 : read.status === 401 && error?.includes('AUTH=required') === true;
    note(`AUTH=local behind nginx with ${name}: GET /jobs`, `${read.status} ${error ?? ''}`, isRight);
    const made = await fetch(`http://127.0.0.1:${port}/users`, asOutsider);
    note(`AUTH=local behind nginx with ${name}: POST /users`, made.status, made.status === 401);
  }
  const caddyLocal = await freePort();
  await caddy('caddy-local', `http://127.0.0.1:${caddyLocal} {\n\treverse_proxy 127.0.0.1:${local}\n}\n`);
  await answers(`http://127.0.0.1:${caddyLocal}/health/live`);
  const caddied = await fetch(`http://127.0.0.1:${caddyLocal}/jobs`);
  note('AUTH=local behind caddy reverse-proxy: GET /jobs', caddied.status, caddied.status === 401);

  const nginxPort = await freePort();
  const nginxFile = await readFile(join(root, 'deploy/proxy/nginx.conf'), 'utf8');
  await nginx('example', withoutTls(nginxFile, nginxPort, required));
  await tryExample('deploy/proxy/nginx.conf', `http://127.0.0.1:${nginxPort}`);
  const caddyPort = await freePort();
  const caddyFile = (await readFile(join(root, 'deploy/proxy/Caddyfile'), 'utf8'))
    .replace('vindima.example {', `http://127.0.0.1:${caddyPort} {`)
    .replace('127.0.0.1:8080', `127.0.0.1:${required}`);
  await caddy('caddy-example', caddyFile);
  await tryExample('deploy/proxy/Caddyfile', `http://127.0.0.1:${caddyPort}`);
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.race([Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit'))), sleep(12_000)]);
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}
process.exit(results.every(({ good }) => good) ? 0 : 1);
