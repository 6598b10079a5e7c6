import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { until } from '../../index.js';

/** The part of axe's report that a person needs to find the fault. */
interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/**
 * Runs axe on the current page. Returns one line for each serious or critical violation
 * (https://dequeuniversity.com/rules/axe).
 */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated through the debugger, because the page's policy allows only its own scripts.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Violation[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
    );
}

/** Only once the page knows the system's scheme do its colours begin to change. */
const isSettled = (scheme: string) => `new Promise((tell) =>
  requestAnimationFrame(() => requestAnimationFrame(() => tell(
    document.documentElement.dataset.mantineColorScheme === '${scheme}' && document.getAnimations().length === 0,
  ))))`;

/** The same in both schemes, first dark and then light, in which the page is left. */
export async function violationsInBothSchemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await until('the page has changed', () => page.evaluate<boolean>(isSettled(colorScheme)));
    found.push(...(await seriousViolations(page)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
