// Uploads every file of the hostile corpora to a running service and prints what came of each, as a Markdown table:
//
//   node services/datasets/scripts/hostile.ts [URL]
//
// Without a URL it starts a service of its own. Exit code 1 if any answer is not what the corpus expects, is a 5xx or
// takes ten seconds.
import { expectationOf, families, hostileFiles, type Outcome, uploadFile } from '../test/support/hostile.ts';
import { startDatasets } from '../test/support/service.ts';

const given = process.argv[2];
const own = given === undefined ? await startDatasets() : undefined;
const url = given ?? own?.url ?? '';
let wrong = 0;
for (const family of families) {
  console.log(`\n## ${family}\n\n| file | status | ms | result |\n| --- | --- | --- | --- |`);
  const outcomes: Outcome[] = [];
  for (const file of hostileFiles(family)) {
    const outcome = await uploadFile(url, file);
    const expected = await expectationOf(family, file);
    const fits =
      outcome.status < 500 &&
      outcome.milliseconds < 10_000 &&
      (expected === 'either' || (expected === 'read') === (outcome.status === 201));
    if (!fits) wrong += 1;
    outcomes.push(outcome);
    const what = outcome.what.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 160);
    console.log(
      `| ${outcome.file} | ${outcome.status} | ${outcome.milliseconds} | ${fits ? '' : '**UNEXPECTED** '}${what} |`,
    );
  }
  const read = outcomes.filter(({ status }) => status === 201).length;
  const slowest = Math.max(...outcomes.map(({ milliseconds }) => milliseconds));
  console.log(
    `\n${outcomes.length} files: ${read} read, ${outcomes.length - read} refused; the slowest took ${slowest} ms`,
  );
}
console.log(`\nunexpected: ${wrong}`);
await own?.stop();
process.exitCode = wrong === 0 ? 0 : 1;
