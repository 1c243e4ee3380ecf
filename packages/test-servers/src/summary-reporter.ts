import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { MISSING_BACKEND } from './missing-backend.ts';

/** Prints, after everything else, which suites were skipped for want of a server, and the counts on a line of their own. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[] = []): void {
    // What fails outside a test, a hook or a file that cannot be loaded, is a failure all the same.
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    const missing = new Set<string>();
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') counts[state] += 1;
        else counts.skipped += 1;
      }
      for (const suite of module.children.allSuites()) {
        counts.failed += suite.errors().length;
        if (suite.name.startsWith(MISSING_BACKEND)) {
          missing.add(`${module.project.name} ${module.relativeModuleId}: ${suite.name.slice(MISSING_BACKEND.length)}`);
        }
      }
    }
    const lines =
      missing.size === 0 ? [] : ['SKIPPED for a missing backend:', ...[...missing].map((line) => `  ${line}`)];
    lines.push(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
