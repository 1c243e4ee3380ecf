const usage = `usage: npm start

Starts the whole platform in one process, with everything it keeps in the folder data/, and prints where everything is.
Ctrl-C stops it. It takes no arguments; what can be changed is changed by variables, as in

  DATA_DIR=/srv/vindima GATEWAY_PORT=9000 AUTH=required npm start

  DATA_DIR                       where everything is kept; default: data
  GATEWAY_PORT, WINE_PORT, ...   where gateway and services listen; default: 8080, 8101 to 8105
  AUTH                           local (default: calls from this machine need no credentials), or required
  UPSTREAMS                      sandbox (default: made-up data), or live
  DATABASE_URL, NATS_URL, OBJECT_STORE_URL   servers of your own; default: embedded

The README of packages/service-kit has those of every service, a service's own README has the rest.
`;

/** Prints the usage and ends the process for any argument: there are none to give. */
export const readArguments = (given: readonly string[]): void => {
  const [first] = given;
  if (first === undefined) return;
  if (first === '--help' || first === '-h') {
    process.stdout.write(usage);
    process.exit(0);
  }
  process.stderr.write(`${first}: unknown argument\n\n${usage}`);
  process.exit(2);
};
