/**
 * Loaded into each process that runs tests: Node strips the types, and this maps the specifiers of the
 * sources. The built programs that tests start run without it.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { keepWorkerData } from './keep-worker-data.mjs';

const globals = new URL('./globals.mjs', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
});

// Jest's own process passes the options on. A process that runs tests does not, and ends with the run,
// whatever its suites have left open for each other: the browser, the shared stack.
if (process.send !== undefined) {
  delete process.env.NODE_OPTIONS;
  process.once('disconnect', () => process.exit());
  keepWorkerData();
}
