import { APICallError, InvalidResponseDataError } from '@ai-sdk/provider';

/** The statuses with which a provider fails in these ways. */
const STATUS = { auth: 401, rate_limit: 429, unavailable: 503 };

/** Throws what a provider's adapter throws for this failure, so that it takes the way of the real ones. */
export function failTurn(fail: keyof typeof STATUS | 'bad_output'): never {
  if (fail === 'bad_output') throw new InvalidResponseDataError({ data: undefined });
  throw new APICallError({
    message: `The sandbox was told to fail with "${fail}".`,
    url: 'sandbox:echo',
    requestBodyValues: undefined,
    statusCode: STATUS[fail],
  });
}
