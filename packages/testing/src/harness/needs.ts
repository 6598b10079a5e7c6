/**
 * Jest's `test` or `describe`, for what needs a program: what it runs is skipped if the machine lacks it.
 *
 * @param program as for hasProgram
 * @param advice as for hasProgram
 */
export const needing = <Run>(
  program: string | undefined,
  advice: string,
  runner: Run & { skip: Run },
): Run => (hasProgram(program, advice) ? runner : runner.skip);

/**
 * Whether the machine has a program that tests need. Without it, their suite is skipped with a loud line;
 * under CI it fails.
 *
 * @param program where the program is, if it was found
 * @param advice what to install, as a sentence
 */
export function hasProgram(program: string | undefined, advice: string): boolean {
  if (program !== undefined) return true;
  if (process.env.CI === 'true') throw new Error(advice);
  console.warn(`!!  ${advice} Tests are skipped.`);
  return false;
}
