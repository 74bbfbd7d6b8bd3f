import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with the skipped tests by name and reason, and one line for machines: `N passed, N failed`. */
export default class LastLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result() as { state: string; note?: string };
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else console.log(`skipped: ${test.fullName}${note ? ` (${note})` : ''}`);
      }
    }
    console.log(`${passed} passed, ${failed} failed`);
  }
}
