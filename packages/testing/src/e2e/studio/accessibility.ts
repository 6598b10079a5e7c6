import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The part of axe's report that a person needs to find the fault. */
interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Runs axe on the page as it is; one line for each serious or critical violation (https://dequeuniversity.com/rules/axe). */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated through the debugger: the page's policy allows no script but its own.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Violation[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
    );
}
