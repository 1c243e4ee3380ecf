// Writes a .env with random secrets for Docker Compose: npm run env. An existing one is left alone.
'use strict';

const { randomBytes } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const template = readFileSync(join(root, '.env.example'), 'utf8');
const filled = template.replace(/^([A-Z_0-9]+)=$/gm, (_, name) => `${name}=${randomBytes(24).toString('base64url')}`);
try {
  writeFileSync(join(root, '.env'), filled, { flag: 'wx', mode: 0o600 });
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  process.stderr.write(
    '.env is there already; remove it first if you want new secrets (a database keeps the old password).\n',
  );
  process.exit(1);
}
const password = /^ADMIN_PASSWORD=(.*)$/m.exec(filled)?.[1];
process.stdout.write(`Wrote .env. Log in as admin with ${password}\n`);
