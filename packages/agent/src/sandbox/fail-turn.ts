import { APICallError } from '@ai-sdk/provider';
import { final, VerdictError } from '../verdict.js';

/** The HTTP statuses of these provider failures. */
const STATUS = { auth: 401, rate_limit: 429, unavailable: 503 };

/**
 * Throws what a provider's adapter would throw for this failure, so that it takes the same path as a real
 * one.
 */
export function failTurn(fail: keyof typeof STATUS | 'bad_output'): never {
  if (fail === 'bad_output') {
    throw new VerdictError(final('invalid_output', 'The sandbox was told to fail with "bad_output".'));
  }
  throw new APICallError({
    message: `The sandbox was told to fail with "${fail}".`,
    url: 'sandbox:echo',
    requestBodyValues: undefined,
    statusCode: STATUS[fail],
  });
}
