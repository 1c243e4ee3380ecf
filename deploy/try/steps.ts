// A trial as a list of steps, each with a result and a time, and the table that they become.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

type Outcome = 'passed' | 'FAILED' | 'left out';
interface Row {
  readonly step: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly said: string;
}

/** Thrown by a step that cannot be done here, with what it lacks. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Keeps the results of steps. One that fails does not end the others, unless they need it. */
export const createTable = () => {
  const rows: Row[] = [];
  const add = (step: string, outcome: Outcome, start: number, said: string) => {
    const row = { step, outcome, seconds: (performance.now() - start) / 1000, said };
    rows.push(row);
    say(`${outcome.padEnd(8)} ${step} (${row.seconds.toFixed(1)} s): ${said}`);
  };
  return {
    /** @param work says in a few words what was seen, or throws. @returns whether it passed */
    step: async (name: string, work: () => Promise<string>): Promise<boolean> => {
      const start = performance.now();
      try {
        add(name, 'passed', start, await work());
        return true;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        add(name, error instanceof LeftOut ? 'left out' : 'FAILED', start, message);
        return false;
      }
    },
    failures: () => rows.filter(({ outcome }) => outcome === 'FAILED').length,
    /** As Markdown. */
    print: () => {
      say('\n| step | outcome | seconds | what was seen |\n|---|---|---|---|');
      for (const { step, outcome, seconds, said } of rows) {
        say(
          `| ${step} | ${outcome} | ${seconds.toFixed(1)} | ${said.replaceAll('\n', '; ').replaceAll('|', '/').slice(0, 600)} |`,
        );
      }
    },
  };
};

export interface Place {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What commands say is kept there. */
  readonly log: string;
}

/** Runs a command. @returns its standard output. @throws with the end of what it said when it fails */
export const run = async ({ folder, environment, log }: Place, command: string, ...args: string[]): Promise<string> => {
  const file = createWriteStream(log, { flags: 'a' });
  file.write(`\n$ ${command} ${args.join(' ')}\n`);
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      all = (all + chunk).slice(-4000);
      file.write(chunk);
    });
  }
  const [code] = await once(child, 'close');
  file.end();
  await finished(file);
  if (code !== 0)
    throw new Error(
      `${command} ${args.slice(0, 4).join(' ')}: ${code}; ${all.trim().split('\n').slice(-6).join('; ')}`,
    );
  return output;
};
