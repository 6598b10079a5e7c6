/** What tests import from `@jest/globals`: the runner defines these globally. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis;
