// Runs before `npm start`, `npm test` and the like, on any Node and before anything is installed: so it is plain
// CommonJS without dependencies. It installs exactly what the lockfile names, the project's own Node.js included, and
// does nothing when that has been done. What only development needs is left out until a command needs it: `setup.cjs --development`.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'node_modules', '.vindima-installed');
const required = { node: 20, npm: 9, runtime: 24 };

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};
const major = (version) => Number(/(\d+)\./.exec(version || '')?.[1]);

const npmVersion = /npm\/(\S+)/.exec(process.env.npm_config_user_agent || '')?.[1];
if (major(process.versions.node) < required.node) {
  fail(`Vindima needs Node.js ${required.node} or newer to install itself; this is ${process.versions.node}.`);
}
if (npmVersion !== undefined && major(npmVersion) < required.npm) {
  fail(`Vindima needs npm ${required.npm} or newer; this is ${npmVersion}. Update it with: npm install --global npm`);
}

const lockfile = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const development = process.argv.includes('--development');
const [stampedLockfile, stampedParts] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : [];
// A stamp of 0.1.0 says nothing of parts: all of them were installed.
const complete = stampedLockfile !== undefined && stampedParts !== 'production';
const installed = stampedLockfile === lockfile && (complete || !development);
// What is there already is not taken away again.
const wanted = development || complete ? 'development' : 'production';

/** Runs npm, and says every few seconds that it is still at work: it prints nothing by itself for minutes where the machine or the network is slow. */
const install = (args, options) =>
  new Promise((resolve) => {
    const began = Date.now();
    const clock = setInterval(() => {
      process.stdout.write(`  still installing, for ${Math.round((Date.now() - began) / 1000)} s ...\n`);
    }, 10_000);
    const npm = spawn('npm', args, options);
    const end = (status) => {
      clearInterval(clock);
      resolve(status);
    };
    npm.on('error', () => end(1)).on('exit', end);
  });

const setUp = async () => {
  const what = wanted === 'development' ? 'what Vindima and its tests need' : 'what Vindima needs';
  process.stdout.write(`Installing ${what} (once; a minute or two) ...\n`);
  // Anew where nothing was installed or an installation was broken off; a complete one only gets what has changed.
  const command = existsSync(stamp) ? 'install' : 'ci';
  rmSync(stamp, { force: true });
  // Install scripts stay off: no package here needs one, and several would download things that come with the packages.
  const parts = wanted === 'development' ? '--include=dev' : '--omit=dev';
  const status = await install([command, parts, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (status !== 0) {
    fail('The installation failed: npm says why above. Nothing was started; run the same command again to retry.');
  }
  const runtime = spawnSync('node', ['--version'], {
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
    encoding: 'utf8',
  });
  if (!(major(runtime.stdout) >= required.runtime)) {
    fail(
      `Vindima runs on Node.js ${required.runtime}, and npm has no copy of it for this system (${process.platform} ${process.arch}). ` +
        `Install Node.js ${required.runtime} and run the same command again.`,
    );
  }
  writeFileSync(stamp, `${lockfile} ${wanted}`);
};

if (!installed) setUp().catch((error) => fail(`The installation failed: ${error.message}`));
