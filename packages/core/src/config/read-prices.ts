import { createPrices, PriceFile, type PriceOf } from '@agenthook/contracts';
import { readJsonFile } from './read-json-file.js';

/** The prices of models: those of PRICES_FILE, then the list. Throws EnvironmentError for a bad file. */
export function readPrices({ PRICES_FILE }: { PRICES_FILE?: string }): PriceOf {
  return createPrices(PRICES_FILE ? readJsonFile('PRICES_FILE', PRICES_FILE, PriceFile) : {});
}
