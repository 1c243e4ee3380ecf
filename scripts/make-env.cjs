// Writes a .env with random secrets for Docker Compose: npm run env. To an existing one it adds what is missing, and changes
// nothing of it: a database keeps the old passwords.
'use strict';

const { randomBytes } = require('node:crypto');
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const path = join(root, '.env');
const template = readFileSync(join(root, '.env.example'), 'utf8');
const secret = () => randomBytes(24).toString('base64url');
const findValue = (name, text) =>
  new RegExp(`^[ \\t]*(?:export +)?${name}[ \\t]*=[ \\t]*((?!#|""|'')\\S.*)$`, 'm').exec(text)?.[1];

const filled = template.replace(/^([A-Z_0-9]+)=$/gm, (_, name) => `${name}=${secret()}`);
try {
  writeFileSync(path, filled, { flag: 'wx', mode: 0o600 });
  process.stdout.write(`Wrote .env. Log in as admin with ${findValue('ADMIN_PASSWORD', filled)}\n`);
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  const there = readFileSync(path, 'utf8');
  const wanted = [...template.matchAll(/^([A-Z_0-9]+)=$/gm)].map(([, name]) => name);
  const missing = wanted.filter((name) => findValue(name, there) === undefined);
  if (missing.length === 0) {
    process.stdout.write('.env has everything already; nothing was changed.\n');
  } else {
    const lines = missing.map((name) => `${name}=${secret()}\n`);
    appendFileSync(
      path,
      `${there.endsWith('\n') || there === '' ? '' : '\n'}\n# Added by npm run env.\n${lines.join('')}`,
    );
    process.stdout.write(`Added to .env: ${missing.join(', ')}. Nothing else was changed.\n`);
  }
}
