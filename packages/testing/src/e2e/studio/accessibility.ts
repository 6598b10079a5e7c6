import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { until } from '../../index.js';

/** The part of axe's report that a person needs to find the fault. */
interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
let source: Promise<string> | undefined;

/**
 * Runs axe on the current page. Returns one line for each serious or critical violation
 * (https://dequeuniversity.com/rules/axe).
 *
 * @param tag checks only rules with this tag; default: all
 */
export async function seriousViolations(page: Page, tag?: string): Promise<string[]> {
  source ??= readFile(AXE, 'utf8');
  // Evaluated through the debugger, because the page's policy allows only its own scripts.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(await source);
  // Named one by one, because a tag also turns on rules that are off.
  const rules = `axe.getRules(['${tag}']).filter((rule) => rule.enabled).map((rule) => rule.ruleId)`;
  const options = `{ resultTypes: ['violations'], ${tag === undefined ? '' : `runOnly: ${rules}`} }`;
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as {
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

/** The rules about what a scheme can change. Elements, names and sizes are the same in both. */
const COLOURS = 'cat.color';

/** The same in both schemes, first dark and then light, in which the page is left. */
export async function violationsInBothSchemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, tag] of [['dark', COLOURS], ['light']] as const) {
    await page.emulateMedia({ colorScheme });
    await until('the page has changed', () => page.evaluate<boolean>(isSettled(colorScheme)));
    found.push(...(await seriousViolations(page, tag)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
