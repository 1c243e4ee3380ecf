import { askBackend } from './ask-backend.ts';
import { findPrograms } from './find-programs.ts';

/** A browser's program, for `chromium.launch` of playwright-core. */
export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/**
 * Debian's Chromium: `describe.skipIf((await browser()) === undefined)`.
 *
 * @returns undefined where it cannot be had, and then the file gets a skipped suite that says so.
 */
export async function browser(): Promise<BrowserProgram | undefined> {
  if ((await askBackend('own', 'chromium')) === undefined) return undefined;
  const { programs, environment } = await findPrograms('chromium');
  // Chromium refuses to run as root inside its own sandbox; the pages are ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { executablePath: programs.chromium, env: { ...process.env, ...environment } as Record<string, string>, args };
}
