/**
 * What the program before this platform answered for a VitiBrasil file, by its rule, with the file read rightly: the judge of
 * the five existing endpoints.
 *
 *   node tools/original-bodies.ts FOLDER URL   compares the fifteen files of a folder with what a wine service serves of them
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originalText } from './original-rule.ts';

const addresses: Readonly<Record<string, string>> = {
  Producao: '/producaoCSV',
  Comercio: '/comercializacaoCSV',
  ...Object.fromEntries(
    ['Viniferas', 'Americanas', 'Mesa', 'Semclass'].map((tipo) => [
      `Processa${tipo}`,
      `/processamentoCSV/tipo/${tipo}`,
    ]),
  ),
  ...Object.fromEntries(
    ['Vinhos', 'Espumantes', 'Frescas', 'Passas', 'Suco'].map((tipo) => [`Imp${tipo}`, `/importacaoCSV/tipo/${tipo}`]),
  ),
  ...Object.fromEntries(
    ['Vinho', 'Espumantes', 'Uva', 'Suco'].map((tipo) => [`Exp${tipo}`, `/exportacaoCSV/tipo/${tipo}`]),
  ),
};

const [folder = '', url = ''] = process.argv.slice(2);
let equal = 0;
for (const [name, path] of Object.entries(addresses)) {
  const expected = originalText(readFileSync(join(folder, `${name}.csv`), 'utf8'));
  const answer = await fetch(`${url}${path}`);
  const same = answer.status === 200 && (await answer.text()) === expected;
  equal += same ? 1 : 0;
  if (!same) process.stdout.write(`${path}: another body (status ${answer.status})\n`);
}
const count = Object.keys(addresses).length;
process.stdout.write(`${equal} of ${count} bodies are equal, keys in the order of the file\n`);
process.exitCode = equal === count ? 0 : 1;
