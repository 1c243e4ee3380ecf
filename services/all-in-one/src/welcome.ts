import type { Platform } from './platform.ts';

/** Where everything is, in a few lines. */
export const describePlatform = ({ services, upstreams, auth, dataFolder, logFile }: Platform): string => {
  const width = Math.max(...services.map(({ name }) => name.length));
  const source =
    upstreams === 'sandbox'
      ? 'the sandbox: made-up data in the real formats (UPSTREAMS=live for the real APIs)'
      : 'the live public APIs';
  const access =
    auth === 'local'
      ? 'calls from this machine need no credentials (AUTH=required asks for them)'
      : 'log in as admin, or with an API key';
  const door = services.find(({ name }) => name === 'gateway')?.url;
  return [
    '',
    `Vindima is running: open ${door}. Ctrl-C stops it.`,
    '',
    ...services.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}  docs: ${url}/docs`),
    '',
    `  ${'data'.padEnd(width)}  ${dataFolder}`,
    `  ${'log'.padEnd(width)}  ${logFile}`,
    `  ${'access'.padEnd(width)}  ${access}`,
    `  ${'source'.padEnd(width)}  ${source}`,
    '',
    '',
  ].join('\n');
};
